/** How often somebody may try: after some failures within a minute, a minute's pause. Of one name, and of one source. */

export interface Tries {
  /** whether this one may try now */
  allowed(who: string): boolean;
  failed(who: string): void;
  /** that try was none of the failures */
  succeeded(who: string): void;
}

const PAUSE_MS = 60_000;
/** Remembered; beyond it the oldest go. */
const REMEMBERED_MAX = 10_000;

/** `now` in ms. */
export function openTries(now: () => number, failuresMax: number): Tries {
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
      // The pause begins with the failure that fills the measure.
      remember(who, count + 1, count + 1 === failuresMax ? now() : since);
    },
    succeeded(who) {
      const { count, since } = current(who);
      remember(who, count - 1, since);
    },
  };
}
