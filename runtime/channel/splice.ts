/** Splices two connections: bytes both ways at the pace of the slower reader, half-closes forwarded, both closed together. */
import type { Duplex } from 'node:stream';

export interface Carried {
  /** bytes from the first to the second, and back */
  readonly forth: number;
  readonly back: number;
}

/** ms that the second half of a connection may stay open and silent once the first has ended */
const HALF_OPEN_MS = 60_000;

/** Resolves when both have closed. Failures of either end both; they are not errors here. */
export function splice(first: Duplex, second: Duplex): Promise<Carried> {
  const carried = { forth: 0, back: 0 };
  const { promise, resolve } = Promise.withResolvers<Carried>();
  let open = 2;
  let lingering: NodeJS.Timeout | undefined;

  const closed = (from: Duplex, to: Duplex) => {
    // After a clean end the other side still has to flush; it closes by itself when that is done.
    if (!from.readableEnded || from.errored !== null) to.destroy();
    open -= 1;
    if (open > 0) return;
    clearTimeout(lingering);
    resolve(carried);
  };
  const ended = (to: Duplex) => {
    if (to.writable) to.end();
    lingering ??= setTimeout(() => {
      first.destroy();
      second.destroy();
    }, HALF_OPEN_MS).unref();
  };
  const carry = (from: Duplex, to: Duplex, way: 'forth' | 'back') => {
    from.on('error', () => {});
    if (from.destroyed) return closed(from, to);
    from.once('close', () => closed(from, to));
    from.once('end', () => ended(to));
    to.on('drain', () => from.resume());
    from.on('data', (chunk: Buffer) => {
      carried[way] += chunk.length;
      lingering?.refresh();
      if (to.writable && !to.write(chunk)) from.pause();
    });
    from.resume();
  };
  carry(first, second, 'forth');
  carry(second, first, 'back');
  return promise;
}
