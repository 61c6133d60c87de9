/** One component as its own process: started, watched and ended. The only file here that starts services. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { findProgram } from '../../test/setup/find.ts';
import { SERVICE_ENV, SERVICE_FLAGS } from '../bin/service-node.mjs';
import { CODE_CACHE } from './code-cache.ts';
import type { Service } from './plan.ts';
import { identify, type ProcessIdentity, signal } from './process-identity.ts';

export interface RunningComponent {
  readonly identity: ProcessIdentity;
  /** resolves when the process has ended, however that came */
  readonly ended: Promise<void>;
}

export interface ComponentStart {
  readonly name: string;
  readonly service: Service;
  readonly projectDir: string;
  readonly configFile: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

const Ready = v.object({ ready: v.literal(true) });
/** A service that has not said it listens by then has gone wrong: 17 of them share two cores at the start. */
const READY_DEADLINE_MS = 60_000;
/** Between asking to end and ending. */
const GRACE_MS = 3_000;
/** Services hold little here: a leak is to show, not to fill the machine. MiB */
const HEAP = '--max-old-space-size=96';
const LOG_TAIL_LINES = 5;

/** Resolves when it listens. Throws `internal` with the last lines of its log when it ends or stays silent instead. */
export async function startComponent(start: ComponentStart): Promise<RunningComponent> {
  const main = join(start.projectDir, 'services', start.service, 'main.ts');
  const [file, ...args] = inFamily([
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    HEAP,
    ...SERVICE_FLAGS,
    main,
    '--config',
    start.configFile,
  ]);
  // Its own process group: a Ctrl-C at the terminal is for `up`, which then ends its components in order.
  const log = openSync(start.logFile, 'a', 0o600);
  const env = { ...process.env, ...SERVICE_ENV, NODE_COMPILE_CACHE: join(start.projectDir, ...CODE_CACHE) };
  const child = spawn(file, args, { cwd: start.projectDir, env, stdio: ['ignore', 'pipe', log], detached: true });
  closeSync(log);
  child.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new HoldfastError('internal', { reason: 'not-started', name: start.name, path: start.logFile });
  try {
    await readyLine(child, ended, start);
  } catch (error) {
    signal(identity, 'SIGKILL');
    throw error;
  }
  return { identity, ended };
}

async function readyLine(child: ChildProcess, ended: Promise<void>, start: ComponentStart): Promise<void> {
  if (child.stdout === null) return;
  const lines = createInterface({ input: child.stdout });
  const deadline = AbortSignal.any([AbortSignal.timeout(READY_DEADLINE_MS), start.signal]);
  const said = (async () => {
    for await (const line of lines) if (isReady(line)) return true;
    return false;
  })();
  const outcome = await Promise.race([said, ended.then(() => false), once(deadline, 'abort').then(() => undefined)]);
  if (outcome === true) {
    child.stdout.resume();
    return;
  }
  const reason = outcome === undefined ? 'not-ready' : 'ended-early';
  throw new HoldfastError('internal', { reason, name: start.name, said: tail(start.logFile) });
}

function isReady(line: string): boolean {
  try {
    return v.is(Ready, JSON.parse(line));
  } catch {
    return false;
  }
}

/** Asks, waits, insists. Resolves when it is gone. */
export async function endComponent(running: RunningComponent, how: 'gently' | 'at once'): Promise<void> {
  if (how === 'gently') {
    signal(running.identity, 'SIGCONT');
    signal(running.identity, 'SIGTERM');
    await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref())]);
  }
  signal(running.identity, 'SIGKILL');
  await running.ended;
}

/** The kernel ends the program when `up` itself is killed, where util-linux can ask for that. */
export function inFamily(words: Words): Words {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined;
  return setpriv === undefined ? words : [setpriv, '--pdeathsig', 'KILL', '--', ...words];
}

/** A program and its arguments. */
export type Words = readonly [file: string, ...args: string[]];

function tail(logFile: string): string {
  try {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES);
    return `${logFile}:\n${lines.join('\n')}`;
  } catch {
    return '';
  }
}
