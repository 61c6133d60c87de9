/** One writer at a time per owner's folder, across processes. A lock whose process is gone is taken over. */
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';

/** Throws `conflict` when another process is writing. */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, 'lock');
  // Hard-linked into place, so that a lock always contains its holder's id.
  const own = join(folder, `lock.${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(own, String(process.pid), { mode: 0o600 });
  try {
    await take(own, path, true);
  } finally {
    await rm(own, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(own: string, path: string, mayTakeOver: boolean): Promise<void> {
  try {
    await link(own, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const holder = Number(await readFile(path, 'utf8').catch(() => '0'));
    if (!mayTakeOver || isAlive(holder)) throw new HoldfastError('conflict', { reason: 'locked' });
    await rm(path, { force: true });
    await take(own, path, false);
  }
}

/** Whether a process of this user runs under that id. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
