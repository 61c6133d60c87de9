/** Sending lines as they are made (NDJSON). A reader that stands still is given up: it must not hold what others wait for. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HoldfastError } from '#protocol/errors';

/** ms that a reader may take for what was given to it: a part of some 100 KiB takes 8 s over 100 kbit/s. */
const STALL_MS = 30_000;

/** Each text ends with its line break. Ends early, without a word, when `signal` aborts or the reader stalls. */
export function sendLines(
  reply: FastifyReply,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
  stallMs: number = STALL_MS,
): FastifyReply {
  const giveUp = () => source.destroy(new HoldfastError('timeout', 'The reader stands still.'));
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
