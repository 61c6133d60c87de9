/** Limits sign-in attempts per name and per source: after some failures within a minute, a minute's pause. */

export interface Throttle {
  /** whether an attempt is allowed now */
  allowed(who: string): boolean;
  failed(who: string): void;
  /** takes an attempt back: it was not a failure */
  succeeded(who: string): void;
}

const PAUSE_MS = 60_000;
/** Entries kept; above this the oldest are dropped. */
const REMEMBERED_MAX = 10_000;

/** `now` in ms. */
export function openThrottle(now: () => number, failuresMax: number): Throttle {
  const failures = new Map<string, { count: number; since: number }>();
  const key = (who: string) => who.trim().toLowerCase().slice(0, 200);
  const current = (who: string) => {
    const found = failures.get(key(who));
    return found !== undefined && now() - found.since < PAUSE_MS ? found : { count: 0, since: now() };
  };
  const remember = (who: string, count: number, since: number) => {
    failures.delete(key(who));
    if (count > 0) failures.set(key(who), { count, since });
    if (failures.size > REMEMBERED_MAX) failures.delete(failures.keys().next().value ?? '');
  };
  return {
    allowed: (who) => current(who).count < failuresMax,
    failed(who) {
      const { count, since } = current(who);
      // The pause starts with the failure that reaches the limit.
      remember(who, count + 1, count + 1 === failuresMax ? now() : since);
    },
    succeeded(who) {
      const { count, since } = current(who);
      remember(who, count - 1, since);
    },
  };
}
