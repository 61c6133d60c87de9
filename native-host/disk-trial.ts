/** Whether this device has room for a launch: what is asked of the disk is done to it, as a launch does. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskState } from '#protocol/host';
import { writeFlushed } from '#runtime/files/disk';
import { ensurePrivateFolder } from '#runtime/files/private';
import { diskTrouble } from './disk-trouble.ts';
import { HOME_FILES } from './home.ts';

/** Bytes: more than a session's key, record and known host together. */
const TRIAL_BYTES = 64 * 1024;

/** Writes a file into the folder of the sessions, and removes it. */
export async function tryDisk(home: string): Promise<DiskState> {
  const run = join(home, HOME_FILES.run);
  try {
    await ensurePrivateFolder(run);
    await mustHaveRoom(run);
    return 'writable';
  } catch (error) {
    return diskTrouble(error) ?? 'unwritable';
  }
}

/** Rejects with the system's error when a session's files don't fit into this folder. */
export async function mustHaveRoom(folder: string): Promise<void> {
  const file = join(folder, `.${randomBytes(8).toString('hex')}.trial`);
  try {
    await writeFlushed(file, randomBytes(TRIAL_BYTES), 'wx');
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}
