/** Collects the lines of the extension, the host and a page into one text (B-E8). */
import type { HostPort, HostReply } from '../host/port.ts';
import type { Log } from './log.ts';
import { mergeLogs } from './merge.ts';

/** Pages of the host's log in one file; each is at most one native message of 256 KiB. */
const LOG_PAGES = 20;

/**
 * Omits the host's lines when it does not answer. With `workspace`, for a page of it: of the host's lines only those of its bound person.
 */
export async function collectLogs(log: Log, host: HostPort, pageLines: readonly string[], workspace?: string): Promise<string> {
  const lines = await hostLines(log, host, workspace);
  return mergeLogs([log.lines(), lines, pageLines]);
}

/** Oldest first; the host returns its newest page first. */
async function hostLines(log: Log, host: HostPort, workspace: string | undefined): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  try {
    for (let offset: number | undefined = 0, page = 0; offset !== undefined && page < LOG_PAGES; page += 1) {
      const reply: HostReply<'logs'> = await host.request('logs', { offset, ...(workspace !== undefined && { workspace }) });
      lines = [...reply.lines, ...lines];
      offset = reply.next;
    }
  } catch (error) {
    log.write(`host logs: ${String(error)}`);
  }
  return lines;
}
