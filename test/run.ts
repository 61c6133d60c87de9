/**
 * `npm test`: everything that has to hold, two files at a time, end-to-end files and floods one after the other; a report and one closing line.
 * `npm test -- FILE ...`: only these test files, the tests of these sources, or whatever has these words in its path.
 * `--repeat N` runs them N times over; `SHOW_LOG=1` shows what the services under test log.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { filesOf, PROJECT_DIR } from './runner/files.ts';
import { mergeRuns } from './runner/merge.ts';
import { answerNeeds, need } from './runner/need.ts';
import { collectReport, REPORT_FILE, REPORT_FOLDER } from './runner/report.ts';
import { provide } from './setup/provide.ts';

const { values, positionals } = parseArgs({ options: { repeat: { type: 'string', default: '1' } }, allowPositionals: true });
const [word, ...only] = positionals;
const times = Math.max(1, Number(values.repeat) || 1);
/** A test that waits for something that never comes must not hold the run. Milliseconds. */
const TEST_DEADLINE_MS = 300_000;
const QUIET = ['--disable-warning=ExperimentalWarning'];

process.env['NODE_COMPILE_CACHE'] ??= join(PROJECT_DIR, 'node_modules', '.cache', 'holdfast');
const { parallel, oneByOne } = filesOf(word === 'long' ? 'long' : 'all', only);
if (parallel.length + oneByOne.length === 0) fail(`No test file is named by ${only.join(' ')}`);
// What a few files need they ask for; everything together needs everything.
const everything = only.length === 0;
if (everything && !provide('test')) process.exit(1);
const needs = await answerNeeds();
// Interrupted, the run ends its test processes, and with them what they have started.
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
const settings = { isolation: 'process', timeout: TEST_DEADLINE_MS, execArgv: QUIET, signal: interrupted.signal } as const;
const report = collectReport();
try {
  if (everything) await need('build');
  const once = [
    () => run({ ...settings, files: parallel, concurrency: Math.max(2, cpus().length) }),
    () => run({ ...settings, files: oneByOne, concurrency: 1 }),
  ];
  const events = mergeRuns(Array.from({ length: times }, () => once).flat(), report.take);
  for await (const text of Readable.from(events).compose(new spec())) process.stdout.write(text);
} finally {
  await needs.end();
}
const { passed, failed } = report.totals();
mkdirSync(REPORT_FOLDER, { recursive: true });
writeFileSync(REPORT_FILE, `${JSON.stringify(report.done(), undefined, 1)}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

function fail(words: string): never {
  console.error(words);
  process.exit(1);
}
