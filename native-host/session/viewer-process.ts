/** Starts and supervises a viewer: no shell, fixed arguments, secrets by stdin or environment. */
import { spawn } from 'node:child_process';
import { HoldfastError, type LaunchCode } from '#protocol/errors';
import type { Viewer, ViewerInput } from '../viewers/viewer.ts';

export interface ViewerProcess {
  /** resolves when it has ended */
  readonly ended: Promise<void>;
  /** its last line on stderr, for the log */
  lastWords(): string;
  /** the refusal when it ended too early: 3026 with its exit status, where nothing else is the `code` */
  failure(code?: LaunchCode): HoldfastError;
  /** resolves when it has ended by itself, or after `ms` */
  gone(ms: number): Promise<void>;
  /** SIGTERM, then SIGKILL */
  end(): Promise<void>;
}

const KILL_AFTER_MS = 300;
const KEPT = 4_000;

export async function startViewer(viewer: Viewer, input: ViewerInput, signal: AbortSignal): Promise<ViewerProcess> {
  const plan = await viewer.plan(input);
  signal.throwIfAborted();
  let words = '';
  const child = spawn(plan.file, [...plan.args], {
    shell: false,
    windowsHide: true,
    cwd: input.folder,
    stdio: [plan.stdin === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...plan.env },
  });
  if (plan.stdin !== undefined) {
    child.stdin?.on('error', () => {});
    child.stdin?.end(plan.stdin);
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-KEPT);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      words = error.message;
      resolve();
    });
  });
  const within = (ms: number) => Promise.race([ended, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);
  return {
    ended,
    lastWords: () => lastLine(words),
    failure(code = 3026) {
      const status = child.exitCode;
      return code === 3026 && status !== null ? new HoldfastError(code, { reason: 'viewer-exit', status }) : new HoldfastError(code);
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

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll(/\p{Cc}/gu, ' ').trim());
  return (lines.findLast((line) => line !== '') ?? '').slice(0, 300);
}
