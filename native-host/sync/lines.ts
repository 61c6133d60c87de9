/** The lines of a lease sync's answer, one at a time, with caps on the line and on the whole, and a limit on silence. */
import type { IncomingMessage } from 'node:http';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { LeaseSyncLine } from '#protocol/workspace-api';
import { linesFrom } from '../line-stream.ts';
import { asTrouble } from '../workspace-http.ts';

const CAPS = { line: LIMITS.leaseSyncLineBytes, whole: LIMITS.leaseSyncBytes };

export async function* linesOf(response: IncomingMessage, workspace: string, silenceMs: number): AsyncGenerator<LeaseSyncLine> {
  response.setTimeout(silenceMs, () => response.destroy(new HoldfastError('timeout', { reason: 'sync-silent' })));
  try {
    yield* linesFrom(response, LeaseSyncLine, CAPS);
  } catch (cause) {
    throw asTrouble(cause, workspace);
  }
}
