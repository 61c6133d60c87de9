/**
 * The commands are TypeScript that Node 24 runs by itself. Started by an older Node (a system's, through npx), this hands over
 * to the Node that is installed as a package, passes signals on and ends with its exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SERVICE_ENV, SERVICE_FLAGS } from './service-node.mjs';

const NEEDED = 24;
const QUIET = '--disable-warning=ExperimentalWarning';

/** @param {string} entry file name below `cli/` */
export async function onNode24(entry) {
  const file = join(dirname(fileURLToPath(import.meta.url)), '..', entry);
  if (Number(process.versions.node.split('.')[0]) >= NEEDED && process.execArgv.includes(QUIET)) {
    await import(pathToFileURL(file).href);
    return;
  }
  const packaged = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', 'node', 'bin', 'node');
  const node = Number(process.versions.node.split('.')[0]) >= NEEDED ? process.execPath : packaged;
  if (!existsSync(node)) {
    console.error(`Holdfast needs Node ${NEEDED}. Run npm ci in ${join(packaged, '..', '..', '..', '..')}: it brings it along.`);
    process.exit(1);
  }
  const cache = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', '.cache', 'holdfast');
  const isService = process.argv[2] === 'serve';
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? cache, ...(isService && SERVICE_ENV) };
  const flags = [QUIET, ...(isService ? SERVICE_FLAGS : [])];
  const child = spawn(node, [...flags, file, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
  endWithParent(child);
}

/** The command notices that its parent is gone by watching it; its parent is this process, so this one has to watch its own. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  timer.unref();
}
