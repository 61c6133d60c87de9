/** Starts and supervises a viewer: no shell, fixed arguments, secrets by stdin or environment. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { SAID, type Viewer, type ViewerInput } from '../viewers/viewer.ts';
import { refusalIn, type Standing, standingOf } from '../viewers/viewer-words.ts';

export interface ViewerProcess {
  /** resolves when it has ended */
  readonly ended: Promise<void>;
  /** by what it has said so far; `received`: bytes that it got from the session host */
  standing(received: number): Standing;
  /** its last line, for the log */
  lastWords(): string;
  /** 3026 with what it said itself, when that is understood */
  refusal(): HoldfastError | undefined;
  /** 3026 with its exit status, when it has ended by itself */
  failure(): HoldfastError;
  /** resolves when it has ended by itself, or after `ms` */
  gone(ms: number): Promise<void>;
  /** SIGTERM, then SIGKILL */
  end(): Promise<void>;
}

const KILL_AFTER_MS = 300;

export async function startViewer(viewer: Viewer, input: ViewerInput, signal: AbortSignal): Promise<ViewerProcess> {
  const plan = await viewer.plan(input);
  signal.throwIfAborted();
  const file = join(input.folder, SAID);
  // Nothing of a viewer that was started before.
  rmSync(file, { force: true });
  const output = openSync(file, 'a', 0o600);
  const child = spawn(plan.file, [...plan.args], {
    shell: false,
    windowsHide: true,
    cwd: input.folder,
    stdio: [plan.stdin === undefined ? 'ignore' : 'pipe', output, output],
    env: { ...process.env, ...plan.env },
  });
  closeSync(output);
  if (plan.stdin !== undefined) {
    child.stdin?.on('error', () => {});
    child.stdin?.end(plan.stdin);
  }
  let fault = '';
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      fault = error.message;
      resolve();
    });
  });
  const within = (ms: number) => Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);
  const said = () => readIfThere(file) + fault;
  return {
    ended,
    standing: (received) => standingOf(plan.words, said(), received),
    lastWords: () => lastLine(said()),
    refusal() {
      const reason = refusalIn(plan.words, said());
      return reason && new HoldfastError(3026, { reason });
    },
    failure() {
      const status = child.exitCode;
      return status === null ? new HoldfastError(3026) : new HoldfastError(3026, { reason: 'viewer-exit', status });
    },
    gone: within,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      await within(KILL_AFTER_MS);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await within(KILL_AFTER_MS);
    },
  };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim());
  return (lines.findLast((line) => line !== '') ?? '').slice(0, 300);
}
