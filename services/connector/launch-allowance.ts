/**
 * How many launches one device, or one person, may ask for: more than anybody clicks, far fewer than keep the broker busy or fill a
 * location. Each has a bucket of its own that fills with time.
 */
import { HoldfastError } from '#protocol/errors';

export interface Allowance {
  /** launches at once */
  readonly burst: number;
  /** ms until one more is allowed */
  readonly everyMs: number;
}

/** The native host itself starts no more than 30 a minute. */
export const LAUNCHES_OF_ONE: Allowance = { burst: 30, everyMs: 1_000 };

/** Kept at once; beyond it the oldest is forgotten. Each took a connection of its own to be counted. */
const KEPT_MAX = 20_000;

/** The result counts one launch of `one`, or throws `too_many`. `nowMs`: monotonic. */
export function launchAllowance({ burst, everyMs }: Allowance, nowMs: () => number): (one: string) => void {
  /** when its bucket is full again */
  const fullAt = new Map<string, number>();
  const forget = (now: number) => {
    for (const [one, at] of fullAt) {
      if (at > now && fullAt.size < KEPT_MAX) continue;
      fullAt.delete(one);
    }
  };
  return (one) => {
    const now = nowMs();
    const next = Math.max(now, fullAt.get(one) ?? now) + everyMs;
    if (next - now > burst * everyMs) throw new HoldfastError('too_many', { reason: 'launches' });
    if (fullAt.size >= KEPT_MAX && !fullAt.has(one)) forget(now);
    fullAt.set(one, next);
  };
}
