/** How often a name may be tried: after some failures a minute's pause, whoever has the name and whether anybody has it. */

export interface Tries {
  /** whether this name may be tried now */
  allowed(name: string): boolean;
  failed(name: string): void;
  succeeded(name: string): void;
}

const FAILURES_MAX = 5;
const PAUSE_MS = 60_000;
/** Names remembered; beyond it the oldest go. */
const NAMES_MAX = 10_000;

/** `now` in ms. */
export function openTries(now: () => number): Tries {
  const failures = new Map<string, { count: number; last: number }>();
  const key = (name: string) => name.trim().toLowerCase().slice(0, 200);
  const current = (name: string) => {
    const found = failures.get(key(name));
    return found !== undefined && now() - found.last < PAUSE_MS ? found.count : 0;
  };
  return {
    allowed: (name) => current(name) < FAILURES_MAX,
    failed(name) {
      const count = current(name) + 1;
      failures.delete(key(name));
      failures.set(key(name), { count, last: now() });
      if (failures.size > NAMES_MAX) failures.delete(failures.keys().next().value ?? '');
    },
    succeeded: (name) => void failures.delete(key(name)),
  };
}
