/** Removes the leftovers of killed session processes: folders without a running session that are too old to be opening. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HOME_FILES } from '../home.ts';
import { foldersInUse } from './record.ts';

/** No launch takes as long to open, and the clocks of machines that share a home differ by less. Milliseconds. */
const OPENING_MS = 600_000;

export async function removeStaleSessions(home: string, now: number): Promise<void> {
  const run = join(home, HOME_FILES.run);
  const names = await readdir(run).catch(() => []);
  if (names.length === 0) return;
  const owned = await foldersInUse(home);
  for (const name of names.filter((one) => !owned.has(one))) {
    const found = await stat(join(run, name)).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > OPENING_MS) await rm(join(run, name), { recursive: true, force: true });
  }
}
