/**
 * What may be used once is remembered in memory only, and whoever used it refuses after a restart what was issued before that. This
 * keeps the latest issuing time among used tickets or grants that were dated ahead of our clock (their signer's may be up to 30 s fast):
 * only those could be older than a restart by our clock and yet look newer, so only those are worth a write to the disk (B-L8).
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface TimeMark {
  /** seconds; 0 when there never was one */
  read(): number;
  /** On the disk when it returns. */
  raise(issuedAt: number): void;
}

/** `name`: of its file in the data folder. */
export function timeMark(dataDir: string, name: string): TimeMark {
  const path = join(dataDir, name);
  let latest = readMark(path);
  return {
    read: () => latest,
    raise(issuedAt) {
      if (issuedAt <= latest) return;
      const temporary = `${path}.tmp`;
      const file = openSync(temporary, 'w', 0o600);
      try {
        writeSync(file, String(issuedAt));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
      latest = issuedAt;
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
