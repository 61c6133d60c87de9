/**
 * One writer at a time per owner's folder, across processes. A lock whose process is gone is taken over; one of another machine or namespace
 * that shares the folder only when it is older than any writing takes.
 */
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { ProcessMark } from '#protocol/vault';
import { ownMark, standingOf, surroundings } from '../process-mark.ts';

/** A set of 20,000 leases is written within seconds. Milliseconds. */
const LONGEST_MS = 600_000;

/** Throws `conflict` when another process is writing. */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, 'lock');
  // Hard-linked into place, so that a lock always contains its whole mark.
  const own = join(folder, `lock.${randomBytes(6).toString('hex')}.tmp`);
  await writeFile(own, JSON.stringify(await ownMark()), { mode: 0o600 });
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
    if (!mayTakeOver || (await isHeld(own, path))) throw new HoldfastError('conflict', { reason: 'locked' });
    await rm(path, { force: true });
    await take(own, path, false);
  }
}

async function isHeld(own: string, path: string): Promise<boolean> {
  const mark = v.safeParse(ProcessMark, readJson(await readFile(path, 'utf8').catch(() => '')));
  const standing = mark.success ? await standingOf(mark.output, await surroundings()) : 'gone';
  if (standing !== 'elsewhere') return standing === 'alive';
  // By the clock of the disk that both lie on.
  const [mine, theirs] = await Promise.all([stat(own), stat(path).catch(() => undefined)]);
  return theirs !== undefined && mine.mtimeMs - theirs.mtimeMs < LONGEST_MS;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
