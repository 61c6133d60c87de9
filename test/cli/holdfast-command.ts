/** The command `holdfast` as people call it: a process, its exit code, its words. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT_DIR } from '../runner/files.ts';

export const HOLDFAST = join(PROJECT_DIR, 'cli', 'bin', 'holdfast.mjs');
const DEADLINE_MS = 30_000;

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Services of the test's own process go on meanwhile. */
export async function holdfast(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Said> {
  const child = spawn(process.execPath, [HOLDFAST, ...args], { env: { ...process.env, ...env }, timeout: DEADLINE_MS });
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}
