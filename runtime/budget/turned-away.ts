/** What was turned away is counted one by one and logged in sums: a flood must not fill the log. */
import type { Log } from '../log/log.ts';

/** ms between two lines */
const QUIET_MS = 10_000;

/** Takes note of one that was turned away. `count` counts it, under a word for the budget that was used up. */
export function turnedAwayBy(
  log: Pick<Log, 'warn'>,
  count: (budget: string) => void,
  nowMs: () => number = () => performance.now(),
): (source: string, budget: string) => void {
  let since = Number.NEGATIVE_INFINITY;
  let sum = 0;
  return (source, budget) => {
    count(budget);
    sum += 1;
    if (nowMs() - since < QUIET_MS) return;
    log.warn({ source, budget, count: sum }, 'Turned away: too much at once.');
    since = nowMs();
    sum = 0;
  };
}
