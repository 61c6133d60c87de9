/** Streams lines as they are made (NDJSON). A stalled reader is dropped: it must not block others. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HoldfastError } from '#protocol/errors';

/** ms for the reader to take what was sent: 100 KiB take 8 s at 100 kbit/s. */
const STALL_MS = 30_000;

/** Each text ends with its line break. Ends early and silently when `signal` aborts or the reader stalls. */
export function sendLines(
  reply: FastifyReply,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
  stallMs: number = STALL_MS,
): FastifyReply {
  const giveUp = () => source.destroy(new HoldfastError('timeout', { reason: 'reader-stalled' }));
  const source = Readable.from(watched(lines, giveUp, stallMs), { objectMode: false });
  signal.addEventListener('abort', giveUp, { once: true });
  source.once('close', () => signal.removeEventListener('abort', giveUp));
  return reply.type('application/x-ndjson').header('cache-control', 'no-store').send(source);
}

async function* watched(lines: AsyncIterable<string>, giveUp: () => void, stallMs: number): AsyncGenerator<string> {
  for await (const text of lines) {
    const timer = setTimeout(giveUp, stallMs);
    try {
      yield text;
    } finally {
      clearTimeout(timer);
    }
  }
}
