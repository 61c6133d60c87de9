/** The watches of all tabs over a worker's end: what is remembered goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWatch } from '#core/machines/login-watch';
import type { WatchState } from '#core/machines/login-watch-states';
import type { TabMemory } from '../../../extension/watch/tab-memory.ts';
import { createWatches } from '../../../extension/watch/watches.ts';

const WORKSPACE = 'https://workspace.example';
const WATCHING: WatchState = {
  is: 'watching',
  workspace: WORKSPACE,
  navigation: 1,
  host: 'login.example',
  place: 'elsewhere',
  seconds: 60,
  deadline: 60_000,
  saved: 'something',
  overdue: false,
  doubt: null,
};
const PROMPTING: WatchState = { is: 'prompting', workspace: WORKSPACE, navigation: 1, reason: { why: 'setting' }, shown: false };

/** What a worker that starts at 20 s does about what is remembered. */
function resumed(remembered: Map<number, TabMemory>): string[] {
  const did: string[] = [];
  const watches = createWatches({
    clock: {
      now: () => 20_000,
      after: (ms) => {
        did.push(`timer in ${ms}`);
        return () => {};
      },
    },
    remembered,
    settings: () => ({ on: true, seconds: 60 }),
    workspaceOf: () => WORKSPACE,
    save: async () => {},
    alarm: (tab, at) => did.push(`alarm of ${tab} at ${at}`),
    probe: () => did.push('probe'),
    show: (tab, how) => did.push(`show ${tab} ${how}`),
    close: (tab) => did.push(`close ${tab}`),
    go: (tab) => did.push(`go ${tab}`),
    onChange: (states) => did.push(`tells ${[...states].map(([tab, { is }]) => `${tab} ${is}`).join(', ')}`),
    log: () => {},
  });
  watches.resume();
  return did;
}

test('a watch that is taken up again has its timer, its alarm and a worker that is kept awake', () => {
  const did = resumed(new Map([[7, { note: null, watch: WATCHING }]]));
  assert.deepEqual(did, ['alarm of 7 at 60000', 'timer in 40000', 'tells 7 watching']);
});

test('a window that should be open is opened, one that was there is not opened again', () => {
  const note = { number: 1, url: `${WORKSPACE}/`, request: null, begun: true, open: false };
  const did = resumed(
    new Map([
      [7, { note: null, watch: PROMPTING }],
      [8, { note: null, watch: { ...PROMPTING, shown: true } }],
      [9, { note, watch: startWatch().state }],
    ]),
  );
  assert.deepEqual(did, ['show 7 front', 'tells 7 prompting, 8 prompting, 9 idle']);
});
