/** What each source, person or device may ask for: a burst, and then so many a second (a token bucket each). */

export interface AllowanceLimits {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Allowance {
  /** Whether one more is allowed now; it is then spent. */
  spend(who: string): boolean;
  /** Whether one more would be allowed now. */
  has(who: string): boolean;
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
  const filled = (who: string): Bucket => {
    const now = nowMs();
    const { tokens, filledAt } = buckets.get(who) ?? { tokens: burst, filledAt: now };
    return { tokens: Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond), filledAt: now };
  };
  return {
    has: (who) => filled(who).tokens >= 1,
    spend(who) {
      const bucket = filled(who);
      buckets.delete(who);
      buckets.set(who, bucket);
      if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value ?? who);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
