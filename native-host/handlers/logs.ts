/** Log lines in pages that fit a native message, newest page first, each page in order of time. */
import { LIMITS } from '#protocol/limits';
import { readLog } from '../log.ts';
import type { Handler } from './handler.ts';

const PAGE_BYTES = LIMITS.nativeMessageBytes / 2;

export const logs: Handler<'logs'> = async (host, { offset }) => {
  const lines = await readLog(host.home);
  const end = Math.max(0, lines.length - offset);
  let start = end;
  for (let size = 0; start > 0; start -= 1) {
    size += Buffer.byteLength(lines[start - 1] ?? '') + 8;
    if (size > PAGE_BYTES) break;
  }
  return { lines: lines.slice(start, end), ...(start > 0 && { next: lines.length - start }) };
};
