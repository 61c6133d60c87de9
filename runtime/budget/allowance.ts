/** What each source, person or device may ask for: a burst, and then so many a second (a token bucket each). */

export interface AllowanceLimits {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Allowance {
  /** Whether one more is allowed now; it is then spent. */
  spend(who: string): boolean;
}

interface Bucket {
  tokens: number;
  /** ms of the given clock */
  filledAt: number;
}

/** Buckets kept; above this the one that was used longest ago is dropped, in constant time: many sources must not make each one dear. */
const REMEMBERED = 20_000;

/** `nowMs`: a clock that never goes back, in ms. */
export function allowanceFor({ burst, perSecond }: AllowanceLimits, nowMs: () => number): Allowance {
  const buckets = new Map<string, Bucket>();
  return {
    spend(who) {
      const now = nowMs();
      const bucket = buckets.get(who) ?? { tokens: burst, filledAt: now };
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1_000) * perSecond);
      bucket.filledAt = now;
      buckets.delete(who);
      buckets.set(who, bucket);
      if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value ?? who);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
