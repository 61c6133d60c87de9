/**
 * Admission before any cryptography: a token bucket and a share of the unfinished connections for each source, so that one flood cannot
 * lock the rest out.
 */
import { allowanceFor } from '../budget/allowance.ts';
import { placesFor } from '../budget/places.ts';

export interface RateLimits {
  /** sustained new connections per second from one source, and the burst allowed */
  readonly perSecond: number;
  readonly burst: number;
  /** connections that have not presented anything yet, of one source and of all; above it the oldest of the fullest source is cut */
  readonly pendingPerSource: number;
  readonly pendingTotal: number;
}

/** A thousand devices behind one office address sign in within seconds; a flood is ten times that. */
export const RATE_LIMITS: RateLimits = { perSecond: 200, burst: 1_000, pendingPerSource: 256, pendingTotal: 4_096 };

export interface RateLimiter {
  /**
   * Admits a connection of a source or not. `cut` is called when a newer one needs its place. The caller calls the result once the
   * connection has presented something, or has ended.
   */
  admit(source: string, cut: () => void): (() => void) | undefined;
}

export function rateLimiter({ perSecond, burst, pendingPerSource, pendingTotal }: RateLimits, nowMs: () => number): RateLimiter {
  const coming = allowanceFor({ perSecond, burst }, nowMs);
  const pending = placesFor({ most: pendingTotal, each: pendingPerSource, gives: 'oldest' });
  return { admit: (source, cut) => (coming.spend(source) ? pending.take(source, cut) : undefined) };
}
