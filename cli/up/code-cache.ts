/**
 * Node keeps stripped and compiled TypeScript on disk. Filled once by one process, it spares each service some 15 MiB and a
 * second at its first start; Node itself checks that an entry still fits its source.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const CODE_CACHE = ['node_modules', '.cache', 'holdfast'];

/** What service processes load. */
const MODULES = [
  ...['root-of-trust', 'broker', 'tickets', 'lease-issuer', 'identity', 'workspace', 'gateway', 'connector', 'session-host'].map(
    (service) => `services/${service}/${service}.ts`,
  ),
  'runtime/service/run.ts',
];
const DEADLINE_MS = 30_000;

/** Loads everything once. A failure costs only memory and time at the first start, so it is not told. */
export function fillCodeCache(projectDir: string): void {
  const imports = MODULES.map((module) => `await import(${JSON.stringify(join(projectDir, module))});`).join('');
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', imports], {
    cwd: projectDir,
    env: { ...process.env, NODE_COMPILE_CACHE: join(projectDir, ...CODE_CACHE) },
    stdio: 'ignore',
    timeout: DEADLINE_MS,
  });
}
