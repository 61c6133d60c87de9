/**
 * The latest issuing time among used tickets that were dated ahead of our clock (the ticket service's may be up to 30 s fast).
 * Only those could be older than a restart by our clock and yet look newer, so only those are worth a write to the disk (B-L8).
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface TicketMark {
  /** seconds; 0 when no such ticket was ever used */
  read(): number;
  /** On the disk when it returns. */
  raise(issuedAt: number): void;
}

export function ticketMark(dataDir: string): TicketMark {
  const path = join(dataDir, 'latest-ticket');
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
