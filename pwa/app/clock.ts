/** Time and chance for the drivers, so that the machines need neither. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** milliseconds since this page's navigation began */
  sinceNavigation(): number;
  /** 0 to 1 */
  chance(): number;
  /** Runs `run` once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  every(ms: number, run: () => void): void;
}

export const browserClock: Clock = {
  now: () => Date.now(),
  sinceNavigation: () => performance.now(),
  chance: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, run) => void setInterval(run, ms),
};
