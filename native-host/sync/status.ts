/** Status of an owner's last lease sync (B-N4), kept across restarts. */
import { join } from 'node:path';
import { SyncStatus } from '#protocol/host';
import { parseJson } from '#protocol/parse';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import type { HostLog } from '../log.ts';

const FILE = 'sync.json';
/** One error at the most, and a few numbers. */
const FILE_BYTES = 65_536;

/**
 * `never` when there is none: a sync interrupted by the end of its process has no outcome and does not count. One that can't be read
 * is logged and counts as none: the next sync writes another.
 */
export async function readSyncStatus(folder: string, log: Pick<HostLog, 'error'>): Promise<SyncStatus> {
  try {
    const text = await readIfThere(join(folder, FILE));
    if (text !== undefined) return parseJson(SyncStatus, text, FILE_BYTES);
  } catch (error) {
    log.error('lease sync status', error);
  }
  return { state: 'never' };
}

export async function writeSyncStatus(folder: string, status: SyncStatus): Promise<void> {
  await writePrivateFile(join(folder, FILE), JSON.stringify(status));
}
