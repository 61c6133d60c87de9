/**
 * `npm run watch`: runs the tests that a change concerns, at first those of what is not yet committed. End-to-end and browser tests
 * run when they are named: `npm run watch -- FILE ...` runs these files only, whenever something that they import changes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { join, relative } from 'node:path';
import { filesOf, PROJECT_DIR } from './runner/files.ts';
import { projectImporters, testsReached } from './runner/reach.ts';

/** An editor that writes a file writes it several times. */
const SETTLED_MS = 100;
const OURS = /^(?:protocol|core|runtime|pwa|extension|native-host|services|cli|test)\/.*\.ts$/u;
const WHEN_NAMED = /^test\/e2e\/|\.browser\.test\.ts$/u;

const named = process.argv.slice(2);
const { parallel, oneByOne } = filesOf('all', named);
const files = new Set([...parallel, ...oneByOne].map((file) => relative(PROJECT_DIR, file)));
const changed = new Set<string>();
let running: ChildProcess | undefined;
let settled: NodeJS.Timeout | undefined;

if (named.length > 0) start([...files]);
else
  noticed(
    spawnSync('git', ['ls-files', '--modified', '--others', '--exclude-standard'], { cwd: PROJECT_DIR, encoding: 'utf8' }).stdout.split(
      '\n',
    ),
  );
watch(PROJECT_DIR, { recursive: true, ignore: ['node_modules', 'dist', '.git', 'test-report'] }, (_event, file) => {
  if (file !== null) noticed([file]);
});
console.log('Waiting for changes; Ctrl+C ends.');

function noticed(names: readonly string[]): void {
  for (const name of names) if (OURS.test(name)) changed.add(name);
  clearTimeout(settled);
  settled = setTimeout(runConcerned, SETTLED_MS);
}

function runConcerned(): void {
  const concerned = testsReached([...changed], projectImporters()).filter(
    (file) => files.has(file) && (named.length > 0 || !WHEN_NAMED.test(file)),
  );
  if (concerned.length > 0) start(concerned);
}

/** What was running is about files that have changed since. What fails is run again with the next change, whatever that is. */
function start(concerned: readonly string[]): void {
  running?.kill('SIGTERM');
  console.log(`\n${concerned.join('\n')}\n`);
  const run = ['--disable-warning=ExperimentalWarning', join(PROJECT_DIR, 'test', 'run.ts'), 'all', ...concerned];
  running = spawn(process.execPath, run, { cwd: PROJECT_DIR, stdio: 'inherit' });
  const about = [...changed];
  running.once('exit', (code) => {
    if (code === 0) for (const file of about) changed.delete(file);
  });
}
