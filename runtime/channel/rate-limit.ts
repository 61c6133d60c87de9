/**
 * Admission before any cryptography: a token bucket and a cap on unfinished connections for each
 * source address, so that one flood cannot lock the rest out.
 */

export interface RateLimits {
  /** sustained new connections per second from one source, and the burst allowed */
  readonly perSecond: number;
  readonly burst: number;
  /** connections of one source that have not presented anything yet */
  readonly pendingPerSource: number;
  readonly pendingTotal: number;
}

/** A thousand devices behind one office address sign in within seconds; a flood is ten times that. */
export const RATE_LIMITS: RateLimits = { perSecond: 200, burst: 1_000, pendingPerSource: 256, pendingTotal: 4_096 };

export interface RateLimiter {
  /** Admits a connection or not. The caller calls the result once the connection has presented something, or has ended. */
  admit(source: string): (() => void) | undefined;
}

interface Source {
  tokens: number;
  /** ms of the given clock */
  filledAt: number;
  pending: number;
}

/** Sources kept; above this, those with full buckets and nothing pending are dropped. */
const MAX_SOURCES = 20_000;

export function rateLimiter(limits: RateLimits, nowMs: () => number): RateLimiter {
  const sources = new Map<string, Source>();
  let pendingTotal = 0;

  const sourceOf = (name: string): Source => {
    const now = nowMs();
    const known = sources.get(name);
    if (known !== undefined) {
      known.tokens = Math.min(limits.burst, known.tokens + ((now - known.filledAt) / 1_000) * limits.perSecond);
      known.filledAt = now;
      return known;
    }
    if (sources.size >= MAX_SOURCES) forgetIdle(sources, limits, now);
    const made: Source = { tokens: limits.burst, filledAt: now, pending: 0 };
    sources.set(name, made);
    return made;
  };

  return {
    admit(name) {
      const source = sourceOf(sourceKey(name));
      if (pendingTotal >= limits.pendingTotal || source.pending >= limits.pendingPerSource || source.tokens < 1) return undefined;
      source.tokens -= 1;
      source.pending += 1;
      pendingTotal += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        source.pending -= 1;
        pendingTotal -= 1;
      };
    },
  };
}

/** An IPv6 customer has a whole /64 to connect from: it counts as one source. */
export function sourceKey(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address;
  return mapped.includes(':') ? mapped.split(':').slice(0, 4).join(':') : mapped;
}

function forgetIdle(sources: Map<string, Source>, limits: RateLimits, now: number): void {
  for (const [name, { pending, tokens, filledAt }] of sources) {
    const full = tokens + ((now - filledAt) / 1_000) * limits.perSecond >= limits.burst;
    if (pending === 0 && full) sources.delete(name);
  }
}
