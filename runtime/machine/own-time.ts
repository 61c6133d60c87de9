/**
 * Deadlines for somebody else's answer that do not count the time in which we ourselves could not run. A device that gets no
 * processor hears nothing, whoever speaks; so silence is only what passes while our own timers ring in time. After HashiCorp's
 * Lifeguard, whose members weigh their own lateness before they call another one dead.
 */
import type { Timing } from './drive.ts';

/** Milliseconds, but for `weight`. */
export interface OwnTimeSettings {
  /** how often we look whether we are in time */
  readonly tickMs: number;
  /** timers on a calm device are not later than this: a long task of the page's own work takes as much */
  readonly graceMs: number;
  /**
   * Every millisecond that we were late gives so many more: the question and its answer pass through two more processes of this
   * device, each as short of time as we are.
   */
  readonly weight: number;
  /** and no more than this in all, however long we slept */
  readonly mostMs: number;
}
const OWN_TIME: OwnTimeSettings = { tickMs: 100, graceMs: 80, weight: 3, mostMs: 4_000 };

export interface OwnTime {
  /** whether we were late at all so far */
  readonly wasLate: boolean;
  stop(): void;
}

/** Runs `over` once after `ms` of our own time; `lateMs`: how late we were already before it began. */
export function afterOwnTime(
  clock: Timing,
  ms: number,
  over: () => void,
  { lateMs = 0, settings = OWN_TIME }: { lateMs?: number; settings?: OwnTimeSettings } = {},
): OwnTime {
  const { tickMs, graceMs, weight, mostMs } = settings;
  let given = 0;
  let left = ms;
  const give = (late: number): void => {
    const more = Math.min(late * weight, mostMs - given);
    given += more;
    left += more;
  };
  const wait = (): void => {
    const step = Math.min(tickMs, left);
    const began = clock.now();
    forget = clock.after(step, () => {
      const took = clock.now() - began;
      const late = took - step;
      if (late > graceMs) give(late);
      left -= late > graceMs ? step : took;
      if (left > 0) wait();
      else over();
    });
  };
  let forget = (): void => {};
  if (lateMs > 0) give(lateMs);
  wait();
  return {
    get wasLate() {
      return given > 0;
    },
    stop: () => forget(),
  };
}
