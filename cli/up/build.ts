/** Builds what runs in the browser when it was never built, or is older than its sources. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
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
/** Written last by the build's parts; the oldest of them counts. */
const RESULTS = ['dist/portal', 'dist/extension', 'dist/native-host'];

export function buildWhenNeeded(projectDir: string, say: (line: string) => void): void {
  if (isBuilt(projectDir)) return;
  say('Building the portal and the extension ...');
  const rollup = join(projectDir, 'node_modules', 'rollup', 'dist', 'bin', 'rollup');
  const result = spawnSync(process.execPath, [rollup, '-c', '--silent'], {
    cwd: projectDir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.status !== 0) {
    throw new HoldfastError('internal', `The build failed; run npm run build to see it whole.\n${result.stderr.trim().slice(-2_000)}`);
  }
  fillCodeCache(projectDir);
}

function isBuilt(projectDir: string): boolean {
  const results = RESULTS.map((result) => join(projectDir, result));
  if (!results.every((result) => existsSync(result))) return false;
  const built = Math.min(...results.map(newestIn));
  return SOURCES.every((source) => newestIn(join(projectDir, source)) <= built);
}

/** Latest change of a file or of anything in a folder, milliseconds; 0 when it is not there. */
function newestIn(path: string): number {
  if (!existsSync(path)) return 0;
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
