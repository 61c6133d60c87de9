/** A clock that only goes forward, for waits and deadlines: milliseconds since this process began. */
import type { Timing } from './machine/drive.ts';

export const monotonicClock: Timing = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
