/** Removes the leftovers of killed session processes: folders without a running session that are too old to be opening. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HOME_FILES } from '../home.ts';
import { runningSessions } from './record.ts';

/** No launch takes as long to open. */
const OPENING_MS = 120_000;

export async function removeStaleSessions(home: string, now: number): Promise<void> {
  const run = join(home, HOME_FILES.run);
  const names = await readdir(run).catch(() => []);
  if (names.length === 0) return;
  const owned = new Set((await runningSessions(home)).map(({ folder }) => folder));
  for (const name of names.filter((one) => !owned.has(one))) {
    const found = await stat(join(run, name)).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > OPENING_MS) await rm(join(run, name), { recursive: true, force: true });
  }
}
