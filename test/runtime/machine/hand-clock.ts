/** A clock that a test moves by hand. */
import type { Timing } from '#runtime/machine/drive';

export interface HandClock extends Timing {
  /** Lets so many milliseconds pass; what is due by then runs in its order. */
  pass(ms: number): void;
  /** Runs everything that waits, as if its time had come, so many milliseconds before it has. */
  ringEarly(ms: number): void;
}

export function handClock(start = 0): HandClock {
  let now = start;
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>();
  const runDue = (until: number): void => {
    for (;;) {
      const [first] = [...waiting].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (first === undefined) return;
      waiting.delete(first);
      now = Math.max(now, first.at);
      first.run();
    }
  };
  return {
    now: () => now,
    after: (ms, run) => {
      const one = { at: now + ms, run };
      waiting.add(one);
      return () => void waiting.delete(one);
    },
    pass: (ms) => {
      const until = now + ms;
      runDue(until);
      now = until;
    },
    ringEarly: (ms) => {
      for (const one of [...waiting]) {
        waiting.delete(one);
        now = one.at - ms;
        one.run();
      }
    },
  };
}
