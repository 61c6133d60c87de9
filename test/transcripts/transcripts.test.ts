/**
 * Plays the stories of `test/transcripts/<machine>/*.txt` and compares what the machine says to them, line by line.
 *
 *   # what this story shows: the name of its test
 *   +250 hello candidate: 1       <- input: ms later, an event (or `start`), its fields; `due` is the machine's own timer ringing
 *   ----
 *   racing ...                    <- the state
 *     present candidate: 1        <- what is to be done about it; `wait` says how long
 *
 * `UPDATE_TRANSCRIPTS=1` writes the outputs anew. Read what changed before you commit it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { MACHINES, type Played } from './machines.ts';

const INPUT = /^(?:\+(?<after>\d+) )?(?<name>[A-Za-z]+)(?: (?<fields>.+))?$/u;

/** The whole story anew: comments and inputs as they stand, outputs as the machine gives them now. */
function play(machine: Played, story: string): string {
  let [at, until] = [0, Number.NaN];
  return story
    .split(/\n{2,}/u)
    .map((block) => {
      const input = block.split('\n----')[0] ?? '';
      const line = input.split('\n').findLast((one) => !one.startsWith('#') && one.trim() !== '');
      if (line === undefined) return input;
      const { after = '0', name = '', fields = '' } = INPUT.exec(line)?.groups ?? assert.fail(`not an input: ${line}`);
      at += Number(after);
      if (name === 'due' && after === '0') at = until;
      assert.ok(!Number.isNaN(at), `no timer runs: ${line}`);
      const { state, effects } = machine.step({ type: name, at, ...parse(`{${fields}}`) });
      const done = effects.map(({ do: deed, ...more }) => {
        if (deed === 'rest' || deed === 'wait') until = 'until' in more ? Number(more.until) : Number.NaN;
        return deed === 'wait' ? `  wait ${until - at} ms` : `  ${deed} ${machine.show(more)}`.trimEnd();
      });
      return [input, '----', state, ...done].join('\n');
    })
    .join('\n\n');
}

for (const machine of MACHINES) {
  const folder = join(import.meta.dirname, machine.name);
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    const story = readFileSync(path, 'utf8').trimEnd();
    const [title = ''] = story.split('\n');
    test(`${title.replace(/^# /u, '')} (${machine.name}/${file})`, () => {
      const played = play(machine.begin(), story);
      if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(path, `${played}\n`);
      else assert.equal(played, story);
    });
  }
}
