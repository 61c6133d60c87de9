/**
 * `npm test`: every test file, two at a time; end-to-end files one after the other; a report and one closing line.
 * `node test/run.ts all|long [--repeat N] [part of a path ...]`: those files, all of them N times over.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { CLUSTER_ENV, startCluster } from './postgres.ts';
import { filesOf, PROJECT_DIR, type Selection } from './runner/files.ts';
import { mergeRuns } from './runner/merge.ts';
import { collectReport, REPORT_FILE, REPORT_FOLDER } from './runner/report.ts';

const { values, positionals } = parseArgs({ options: { repeat: { type: 'string', default: '1' } }, allowPositionals: true });
const [word, ...only] = positionals;
const selection: Selection = word === 'long' ? 'long' : 'all';
const times = Math.max(1, Number(values.repeat) || 1);
/** A test that waits for something that never comes must not hold the run. Milliseconds. */
const TEST_DEADLINE_MS = 300_000;
const QUIET = ['--disable-warning=ExperimentalWarning'];

process.env['NODE_COMPILE_CACHE'] ??= join(PROJECT_DIR, 'node_modules', '.cache', 'holdfast');
const { parallel, oneByOne } = filesOf(selection, only);
const cluster = await startCluster();
process.env[CLUSTER_ENV] = cluster.folder;
// Interrupted, the run ends its test processes, and with them what they have started.
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
const settings = { isolation: 'process', timeout: TEST_DEADLINE_MS, execArgv: QUIET, signal: interrupted.signal } as const;
const report = collectReport();
try {
  const once = [
    () => run({ ...settings, files: parallel, concurrency: Math.max(2, cpus().length) }),
    () => run({ ...settings, files: oneByOne, concurrency: 1 }),
  ];
  const events = mergeRuns(Array.from({ length: times }, () => once).flat(), report.take);
  for await (const text of Readable.from(events).compose(new spec())) process.stdout.write(text);
} finally {
  await cluster.stop();
}
const { passed, failed } = report.totals();
mkdirSync(REPORT_FOLDER, { recursive: true });
writeFileSync(REPORT_FILE, `${JSON.stringify(report.done(), undefined, 1)}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
