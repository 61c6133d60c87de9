/** A copy of the project in which one file at a time is changed and its tests are run. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { patience } from '../patience.ts';
import { PROJECT_DIR } from '../runner/files.ts';

/** Tests that take this many times as long as without the change hang. */
const HANGS_TIMES = 3;
const LEAST_MS = 10_000;
/** Without the change; tests that take longer are those of a whole system. */
const MOST_MS = 30_000;
/** Names the processes of one tree: what they leave behind is ended by it. */
const MARK = 'HOLDFAST_MUTANT_TREE';
const NOT_OK = /^\s*not ok\b/u;

export interface Tree {
  /** whether this test file passes with `text` in place of the file at `path`; one that fails without a change, too, says nothing */
  passes(path: string, text: string, test: string): Promise<boolean>;
  /** whether the type checker of the file's part takes it */
  compiles(path: string, text: string): Promise<boolean>;
  remove(): void;
}

export function copyTree(): Tree {
  const root = mkdtempSync(join(tmpdir(), 'hf-m-'));
  const folder = join(root, 'tree');
  const scratch = join(root, 't');
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: PROJECT_DIR,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(PROJECT_DIR, file), join(folder, file));
  }
  symlinkSync(join(PROJECT_DIR, 'node_modules'), join(folder, 'node_modules'));
  /** milliseconds of each test file without a change */
  const usual = new Map<string, number | undefined>();

  const pass = async (test: string, atMostMs: number): Promise<boolean> => {
    mkdirSync(scratch);
    const args = ['--disable-warning=ExperimentalWarning', '--test-reporter=tap', test];
    const env = { ...process.env, TMPDIR: scratch, [MARK]: folder };
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    let failed = false;
    const end = (): void => {
      failed = true;
      endMarked(folder);
    };
    const hangs = setTimeout(end, atMostMs);
    createInterface(child.stdout).on('line', (line) => NOT_OK.test(line) && end());
    const code = await ended;
    clearTimeout(hangs);
    endMarked(folder);
    rmSync(scratch, { recursive: true, force: true });
    return code === 0 && !failed;
  };
  const usualOf = async (test: string): Promise<number | undefined> => {
    if (!usual.has(test)) {
      const start = performance.now();
      const passes = await pass(test, patience(MOST_MS));
      usual.set(test, passes ? performance.now() - start : undefined);
      if (!passes) console.error(`${test} does not pass without a change, or not in ${MOST_MS / 1_000} s: it is left out.`);
    }
    return usual.get(test);
  };
  const changed = async <T>(path: string, text: string, work: () => T | Promise<T>): Promise<T> => {
    const before = readFileSync(join(folder, path), 'utf8');
    writeFileSync(join(folder, path), text);
    try {
      return await work();
    } finally {
      writeFileSync(join(folder, path), before);
    }
  };

  return {
    passes: async (path, text, test) => {
      const ms = await usualOf(test);
      return ms === undefined || changed(path, text, () => pass(test, Math.max(patience(LEAST_MS), ms * HANGS_TIMES)));
    },
    compiles: async (path, text) => changed(path, text, () => typesHold(folder, path)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function typesHold(folder: string, path: string): boolean {
  const parts = path.split('/').slice(0, -1);
  while (!existsSync(join(folder, ...parts, 'tsconfig.json'))) parts.pop();
  const checker = join(PROJECT_DIR, 'node_modules', '.bin', 'tsc');
  return spawnSync(checker, ['-p', join(folder, ...parts)], { stdio: 'ignore' }).status === 0;
}

/** By the environment that they inherit: some leave the group of the test that started them. */
function endMarked(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${folder}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended since, or belongs to somebody else.
    }
  }
}
