/**
 * The latest time of something, in a service's own folder: no restart forgets it, and no restored backup of the database turns it back.
 *
 * What may be used once is remembered in memory only, and whoever used it refuses after a restart what was issued before that. It
 * keeps here the latest issuing time among used tickets or grants that were dated ahead of our clock (their signer's may be up to 30 s fast):
 * only those could be older than a restart by our clock and yet look newer, so only those are worth a write to the disk (B-L8).
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface TimeMark {
  /** in the unit in which it is raised; 0 when there never was one */
  read(): number;
  /** On the disk when it returns. */
  raise(at: number): void;
}

/** `name`: of its file in the data folder. */
export function timeMark(dataDir: string, name: string): TimeMark {
  const path = join(dataDir, name);
  let latest = readMark(path);
  return {
    read: () => latest,
    raise(at) {
      if (at <= latest) return;
      const temporary = `${path}.tmp`;
      const file = openSync(temporary, 'w', 0o600);
      try {
        writeSync(file, String(at));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
      latest = at;
    },
  };
}

function readMark(path: string): number {
  try {
    const value = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(value) ? value : 0;
  } catch {
    return 0;
  }
}
