/**
 * How a desktop's server is started so that it ends as one, whatever it has started meanwhile.
 * As root, where the machine allows it: in process and mount namespaces of its own, whose head takes everything with it.
 * Otherwise: as a family of processes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { findProgram, installCommand } from '../../test/setup/find.ts';
import { PROGRAMS } from '../../test/setup/programs.ts';
import { inFamily, type Words } from '../up/component-process.ts';
import { endFamilyGently, identify, isAlive, type ProcessIdentity } from '../up/process-identity.ts';
import type { SessionAccount } from './account.ts';

export interface RunningDesktop {
  readonly processes: readonly ProcessIdentity[];
  end(): Promise<void>;
}

export interface ProgramStart {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** run as this account instead of our own */
  readonly as?: SessionAccount;
  /** in namespaces of its own, where there can be any; `alone`: with a network of its own, too, which nobody outside reaches */
  readonly confined?: boolean | 'alone';
  /** becomes its standard input and output; we keep nothing of it */
  readonly connection?: Socket;
  /** a pipe as its descriptor 3, for what it has to tell us */
  readonly tells?: boolean;
}

export interface RunningProgram {
  readonly identity: ProcessIdentity;
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly ended: Promise<void>;
}

/** Absolute path, or `missing_program` with the command that installs it. */
export function needProgram(...names: [string, ...string[]]): string {
  const found = names.map((name) => findProgram(name)).find((file) => file !== undefined);
  if (found !== undefined) return found;
  throw missing(...names);
}

function missing(...names: [string, ...string[]]): HoldfastError {
  const packages = PROGRAMS.find((program) => names.some((name) => program.anyOf.includes(name)))?.packages;
  return new HoldfastError('missing_program', { reason: 'program', name: names[0], command: installCommand([packages?.[0] ?? names[0]]) });
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Why a program gets no namespaces of its own here; `undefined` when it does. Root in a container often may not make any. */
export function confinementObstacle(): HoldfastError | undefined {
  if (!isRoot()) return new HoldfastError('missing_program', { reason: 'namespaces-root' });
  triedNamespaces ??= tryNamespaces();
  return triedNamespaces.obstacle;
}

let triedNamespaces: { readonly obstacle: HoldfastError | undefined } | undefined;

function tryNamespaces(): { readonly obstacle: HoldfastError | undefined } {
  if (findProgram('unshare') === undefined) return { obstacle: missing('unshare') };
  const [file, ...args] = inNamespaces(['true'], ['--net']);
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status === 0) return { obstacle: undefined };
  return { obstacle: new HoldfastError('missing_program', { reason: 'namespaces', said: stderr.trim() }) };
}

/** Throws `internal` when the program can't be started at all. */
export function startProgram(start: ProgramStart): RunningProgram {
  const [file, ...args] = inFamily(confined(start, becoming(start.as, [start.file, ...start.args])));
  const log = openSync(start.logFile, 'a', 0o600);
  const env = { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', HOME: start.as?.home ?? process.env['HOME'] ?? '/', ...start.env };
  const { connection } = start;
  const standard = connection === undefined ? (['ignore', log, log] as const) : ([connection, connection, log] as const);
  const child = spawn(file, args, { stdio: [...standard, start.tells === true ? 'pipe' : 'ignore'], env, detached: true, cwd: '/' });
  closeSync(log);
  connection?.destroy();
  child.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new HoldfastError('internal', { reason: 'not-started', name: start.file, path: start.logFile });
  return { identity, child, logFile: start.logFile, ended };
}

/**
 * Once `ready` resolves. When it throws, and at the end, each program is ended with everything it started. `programs` may grow and
 * shrink meanwhile; `close` keeps new ones from coming.
 */
export async function desktopOf(
  programs: readonly RunningProgram[],
  ready: () => Promise<void>,
  close: () => void = () => {},
): Promise<RunningDesktop> {
  const end = async () => {
    close();
    for (const program of [...programs].reverse()) {
      await endFamilyGently(program.identity);
      if (isAlive(program.identity)) await program.ended;
    }
  };
  try {
    await ready();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    get processes() {
      return programs.map((program) => program.identity);
    },
    end,
  };
}

function confined(start: ProgramStart, words: Words): Words {
  if (start.confined === undefined || start.confined === false || confinementObstacle() !== undefined) return words;
  return inNamespaces(words, start.confined === 'alone' ? ['--net'] : []);
}

function inNamespaces(words: Words, more: readonly string[]): Words {
  return [needProgram('unshare'), '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL', ...more, '--', ...words];
}

function becoming(account: SessionAccount | undefined, words: Words): Words {
  if (account === undefined || !isRoot() || account.uid === 0) return words;
  // A change of user takes the tie to the parent away (prctl(2)), so it is made anew after it.
  const tied = ['--pdeathsig', 'KILL'];
  return [needProgram('setpriv'), '--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--init-groups', ...tied, '--', ...words];
}
