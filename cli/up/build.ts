/** Builds what runs in the browser when what is in `dist/` was made from other sources than those that are here. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { fillCodeCache } from './code-cache.ts';

/** Everything that ends up in `dist/`. */
const SOURCES = [
  'protocol',
  'core',
  'pwa',
  'extension',
  'native-host',
  'runtime',
  'manifest.json',
  'rollup.config.mjs',
  'package-lock.json',
];
const RESULTS = ['dist/portal', 'dist/extension', 'dist/native-host'];
/** Says what the results were built from. Written last: a build that broke off is none, nor is one that another command went over. */
const STAMP = 'dist/built-from';

export function buildWhenNeeded(projectDir: string, say: (line: string) => void): void {
  const sources = digestOf(projectDir);
  const stamp = join(projectDir, STAMP);
  if (isBuilt(projectDir, stamp, sources)) return;
  rmSync(stamp, { force: true });
  say('Building the portal and the extension ...');
  const rollup = join(projectDir, 'node_modules', 'rollup', 'dist', 'bin', 'rollup');
  const result = spawnSync(process.execPath, [rollup, '-c', '--silent'], {
    cwd: projectDir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0) {
    throw new HoldfastError('internal', { reason: 'build-failed', said: result.stderr.trim().slice(-2_000) });
  }
  writeFileSync(stamp, sources);
  fillCodeCache(projectDir);
}

function isBuilt(projectDir: string, stamp: string, sources: string): boolean {
  const results = RESULTS.map((result) => join(projectDir, result));
  if (![...results, stamp].every((file) => existsSync(file)) || readFileSync(stamp, 'utf8') !== sources) return false;
  const stamped = statSync(stamp).mtimeMs;
  return results.flatMap(filesIn).every((file) => statSync(file).mtimeMs <= stamped);
}

/** Of names and contents: a date says nothing of a file that is gone, or that was copied with its date. */
function digestOf(projectDir: string): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesIn(join(projectDir, source)))) {
    const bytes = readFileSync(file);
    hash.update(`${file}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('base64url');
}

/** The file itself, or every file below a folder. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}
