/** The session process as seen by the native host: started early, given orders, removed without a trace on cancel. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FromSession, SESSION_LINE_BYTES, type ToSession } from '#protocol/session-process';
import { ensurePrivateFolder } from '#runtime/files/private';
import { HOME_FILES } from '../home.ts';
import { linesFrom } from '../line-stream.ts';
import { NODE_FLAGS, sessionProgram } from '../program-paths.ts';

export interface SessionChild {
  readonly folder: string;
  tell(order: ToSession): void;
  /** Resolves when process, viewer and files are gone; at the latest after about 0.8 s. */
  end(): Promise<void>;
}

const STOP_MS = 400;

/** `heard` receives its messages; `ended` is called once when the process is gone, for any reason. */
export async function startSessionChild(home: string, heard: (word: FromSession) => void, ended: () => void): Promise<SessionChild> {
  const run = join(home, HOME_FILES.run);
  await ensurePrivateFolder(run);
  // Short: a path to a Unix socket has room for about 100 characters.
  const folder = join(run, randomBytes(4).toString('hex'));
  await mkdir(folder, { mode: 0o700 });
  const child = spawn(process.execPath, [...NODE_FLAGS, sessionProgram()], {
    detached: true,
    windowsHide: true,
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HOLDFAST_HOST_HOME: home },
  });
  child.unref();
  child.stdin.on('error', () => {});
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Its last message is delivered before its end, in whichever order the system reports them.
  void Promise.all([gone, hear(child, heard)]).then(ended);
  return {
    folder,
    tell: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    async end() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        child.stdin.write(`${JSON.stringify({ type: 'stop' } satisfies ToSession)}\n`);
        if (!(await within(gone, STOP_MS))) signalGroup(child, 'SIGKILL');
        await within(gone, STOP_MS);
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function hear(child: ChildProcess, heard: (word: FromSession) => void): Promise<void> {
  if (child.stdout === null) return;
  try {
    for await (const word of linesFrom(child.stdout, FromSession, { line: SESSION_LINE_BYTES })) heard(word);
  } catch {
    // It sent an invalid message: its end tells the rest.
    signalGroup(child, 'SIGTERM');
  }
}

/** The process leads its own group: its viewer is in it. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // already gone
  }
}

function within(done: Promise<void>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ms);
    void done.then(() => {
      clearTimeout(late);
      resolve(true);
    });
  });
}
