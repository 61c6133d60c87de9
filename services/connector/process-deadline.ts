/**
 * A deadline in this process's own time. While it stands still or is late with everything, no answer can be heard: that is not the
 * other's silence. Each look counts what has passed since the one before, but no more than there should have been between them.
 */

const LOOK_MS = 50;

export interface ProcessDeadline {
  /** aborts at the deadline */
  readonly signal: AbortSignal;
  /** Nobody waits any more. */
  end(): void;
}

/** Milliseconds. */
export interface Patience {
  /** of own time */
  readonly ownMs: number;
  /** of anybody's: a process that is always late gives up then */
  readonly mostMs: number;
}

/** `nowMs`: monotonic. */
export function processDeadline({ ownMs, mostMs }: Patience, nowMs: () => number = () => performance.now()): ProcessDeadline {
  const over = new AbortController();
  const startedAt = nowMs();
  let lookedAt = startedAt;
  let left = ownMs;
  const look = () => {
    const now = nowMs();
    left -= Math.min(now - lookedAt, LOOK_MS);
    lookedAt = now;
    if (left > 0 && now - startedAt < mostMs) return;
    clearInterval(looking);
    // What has come meanwhile is read before the immediate.
    setImmediate(() => over.abort(new DOMException('The deadline has passed.', 'TimeoutError')));
  };
  const looking = setInterval(look, LOOK_MS);
  return { signal: over.signal, end: () => clearInterval(looking) };
}
