/** At most so many people have keys on one device, so that nothing fills it with folders. Nobody's unexpired leases make room for another. */
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { LIMITS, TIMES } from '#protocol/limits';
import type { Disk } from '#runtime/files/disk';
import { folderNameOf, OWNER_FOLDER_NAME, type Owner } from './names.ts';
import { syncedAt } from './read.ts';

/** Milliseconds after which every lease of a sync has ended. */
const ALL_ENDED_MS = (TIMES.leaseDaysMax + 1) * 86_400_000;

/**
 * Removes folders of people who are bound nowhere and have no lease left, once there is no room for a newcomer. Returns their names.
 * Throws `too_many` when none can go. `now` in milliseconds.
 */
export async function makeRoom(
  disk: Disk,
  home: string,
  newcomer: Owner,
  bound: readonly Owner[],
  now: number,
): Promise<readonly string[]> {
  const names = (await disk.list(home)).filter((name) => OWNER_FOLDER_NAME.test(name));
  if (names.length < LIMITS.peopleOnDevice || names.includes(folderNameOf(newcomer))) return [];
  const needed = new Set(bound.map(folderNameOf));
  const gone: string[] = [];
  for (const name of names.filter((one) => !needed.has(one))) {
    if ((await syncedAt(disk, join(home, name))) > now - ALL_ENDED_MS) continue;
    await disk.remove(join(home, name));
    gone.push(name);
  }
  if (gone.length === 0) throw new HoldfastError('too_many', { reason: 'people' });
  return gone;
}
