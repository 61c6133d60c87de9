/** The lines of a lease sync's answer, one at a time, with caps on the line and on the whole, and a limit on silence. */
import type { IncomingMessage } from 'node:http';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { LeaseSyncLine } from '#protocol/workspace-api';
import { asTrouble } from '../workspace-http.ts';

export async function* linesOf(response: IncomingMessage, store: string, silenceMs: number): AsyncGenerator<LeaseSyncLine> {
  let held = '';
  let total = 0;
  response.setEncoding('utf8');
  response.setTimeout(silenceMs, () => response.destroy(new HoldfastError('timeout', 'The lease sync fell silent.')));
  try {
    for await (const chunk of response) {
      if (typeof chunk !== 'string') throw new TypeError('expected text');
      total += chunk.length;
      if (total > LIMITS.leaseSyncBytes) throw new HoldfastError('too_large', `A lease sync is at most ${LIMITS.leaseSyncBytes} bytes.`);
      const parts = (held + chunk).split('\n');
      held = parts.pop() ?? '';
      for (const part of parts) if (part !== '') yield parseJson(LeaseSyncLine, part, LIMITS.leaseSyncLineBytes);
      if (held.length > LIMITS.leaseSyncLineBytes) throw new HoldfastError('too_large', 'A line of the lease sync is too long.');
    }
  } catch (cause) {
    throw asTrouble(cause, store);
  }
  if (held !== '') yield parseJson(LeaseSyncLine, held, LIMITS.leaseSyncLineBytes);
}
