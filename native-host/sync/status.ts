/** How the last lease sync of an owner went (B-N4), kept across restarts. */
import { join } from 'node:path';
import * as v from 'valibot';
import { SyncStatus } from '#protocol/host';
import { readIfThere, writePrivateFile } from '#runtime/files/private';

const FILE = 'sync.json';

/** `never` where nothing is known; a sync that was running when its process ended has no outcome and is not one. */
export async function readSyncStatus(folder: string): Promise<SyncStatus> {
  try {
    return v.parse(SyncStatus, JSON.parse((await readIfThere(join(folder, FILE))) ?? ''));
  } catch {
    return { state: 'never' };
  }
}

export async function writeSyncStatus(folder: string, status: SyncStatus): Promise<void> {
  await writePrivateFile(join(folder, FILE), JSON.stringify(status));
}
