/** Status of an owner's last lease sync (B-N4), kept across restarts. */
import { join } from 'node:path';
import * as v from 'valibot';
import { SyncStatus } from '#protocol/host';
import { readIfThere, writePrivateFile } from '#runtime/files/private';

const FILE = 'sync.json';

/** `never` when nothing is known; a sync interrupted by the end of its process has no outcome and does not count. */
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
