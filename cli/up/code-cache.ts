/**
 * Node keeps stripped and compiled TypeScript on disk. Filled once by one process, it spares each service some 15 MiB and a
 * second at its first start; Node itself checks that an entry still fits its source and the flags that code was compiled with.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SERVICE_FLAGS } from '../bin/service-node.mjs';

export const CODE_CACHE = ['node_modules', '.cache', 'holdfast'];

/** What service processes load. */
const MODULES = [
  ...['root-of-trust', 'broker', 'tickets', 'lease-issuer', 'identity', 'workspace', 'gateway', 'connector', 'session-host'].map(
    (service) => `services/${service}/${service}.ts`,
  ),
  'runtime/service/run.ts',
  'runtime/sql/sqlite.ts',
  'services/lease-issuer/worker.ts',
];
const DEADLINE_MS = 30_000;

/** Loads everything once. A failure costs only memory and time at the first start, so it is not told. */
export function fillCodeCache(projectDir: string): void {
  const imports = MODULES.map((module) => `await import(${JSON.stringify(join(projectDir, module))});`).join('');
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...SERVICE_FLAGS, '--input-type=module', '--eval', imports], {
    cwd: projectDir,
    env: { ...process.env, NODE_COMPILE_CACHE: join(projectDir, ...CODE_CACHE) },
    stdio: 'ignore',
    timeout: DEADLINE_MS,
  });
}
