/** What was turned away is counted one by one and logged in sums: a flood must not fill the log. */
import type { Log } from '../log/log.ts';

/** ms between two lines */
const QUIET_MS = 10_000;

const later = (ms: number, run: () => void): void => void setTimeout(run, ms).unref();

/**
 * Takes note of one that was turned away. `count` counts it, under a word for the budget that was used up. The first of a budget is logged
 * at once; from then on a line each 10 s says how many more there were, of whatever sources, until there are none.
 */
export function turnedAwayBy(
  log: Pick<Log, 'warn'>,
  count: (budget: string) => void,
  after: (ms: number, run: () => void) => void = later,
): (source: string, budget: string) => void {
  const sums = new Map<string, { count: number; lastSource: string }>();
  const tell = (budget: string, sum: { count: number; lastSource: string }) => {
    log.warn({ budget, ...sum }, 'Turned away: too much at once.');
    sums.set(budget, { ...sum, count: 0 });
    after(QUIET_MS, () => {
      const more = sums.get(budget);
      if (more !== undefined && more.count > 0) tell(budget, more);
      else sums.delete(budget);
    });
  };
  return (source, budget) => {
    count(budget);
    const sum = sums.get(budget);
    if (sum === undefined) return tell(budget, { count: 1, lastSource: source });
    sum.count += 1;
    sum.lastSource = source;
  };
}
