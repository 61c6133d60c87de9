/** Log lines in pages that fit a native message, newest page first, each page in order of time. A Workspace's page gets its person's only. */
import { LIMITS } from '#protocol/limits';
import { boundPerson } from '../binding.ts';
import type { Host } from '../host.ts';
import { linesOf, readLog } from '../log.ts';
import type { Handler } from './handler.ts';

const PAGE_BYTES = LIMITS.nativeMessageBytes / 2;

export const logs: Handler<'logs'> = async (host, { offset, workspace }) => {
  const lines = await linesFor(host, workspace);
  const end = Math.max(0, lines.length - offset);
  let start = end;
  for (let size = 0; start > 0; start -= 1) {
    size += Buffer.byteLength(lines[start - 1] ?? '') + 8;
    if (size > PAGE_BYTES) break;
  }
  return { lines: lines.slice(start, end), ...(start > 0 && { next: lines.length - start }) };
};

async function linesFor(host: Host, workspace: string | undefined): Promise<readonly string[]> {
  const all = await readLog(host.home);
  if (workspace === undefined) return all;
  const person = await boundPerson(host, workspace);
  return person === undefined ? [] : linesOf(person, all);
}
