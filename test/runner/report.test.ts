import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { PROJECT_DIR } from './files.ts';

const SAMPLE = `
import { describe, test } from 'node:test';
describe('outer', () => {
  describe('inner', () => { test('deep', () => {}); });
  test('skipped', (t) => t.skip('needs root'));
  test.todo('to do');
});
test('on its own', async (t) => { await t.test('below', () => {}); });
test('failing', () => { throw new Error('as it should'); });
`;
/** A run within a run would be taken for a part of it: this one has a process of its own. */
const RUNS = `
import { run } from 'node:test';
import { collectReport } from '${join(PROJECT_DIR, 'test', 'runner', 'report.ts')}';
const report = collectReport();
for await (const event of run({ files: [process.argv[2]], isolation: 'process' })) report.take(event);
console.log(JSON.stringify(report.done()));
`;
const Reported = v.object({ tests: v.array(v.object({ within: v.array(v.string()), name: v.string(), passed: v.boolean() })) });

test('the report has each test with the suites that it stands in; what was skipped has not passed', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [sample, runs] = [join(folder, 'sample.test.mjs'), join(folder, 'runs.mjs')];
  writeFileSync(sample, SAMPLE);
  writeFileSync(runs, RUNS);
  const { stdout } = spawnSync(process.execPath, [runs, sample], { env: { PATH: process.env['PATH'] }, encoding: 'utf8' });
  assert.deepEqual(
    parseJson(Reported, stdout, 10_000).tests.map(({ within, name, passed }) => [...within, name, passed]),
    [
      ['outer', 'inner', 'deep', true],
      ['outer', 'skipped', false],
      ['outer', 'to do', false],
      ['on its own', 'below', true],
      ['on its own', true],
      ['failing', false],
    ],
  );
});
