/** A service as its own process, as in production: for what only a process can do, such as hang. Ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { SHOW_LOG } from '../log.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** what it wrote to stderr so far */
  readonly log: () => string;
  readonly ended: Promise<number | null>;
}

/** Resolves once it says that it is ready, or has ended. */
export async function startProcess(t: TestContext, service: string, config: object): Promise<ServiceProcess> {
  const file = join(await temporaryFolder(t), 'config.yaml');
  await writeFile(file, JSON.stringify(config));
  const main = join(import.meta.dirname, '..', '..', 'services', service, 'main.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
    if (SHOW_LOG) process.stderr.write(chunk);
  });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  child.stdout.resume();
  return { child, log: () => log, ended };
}
