/**
 * Turns at the processor: a few pieces of work in each round of the event loop, one source after the other. Whoever has little to ask waits
 * for one round, however much another source has sent.
 */

export interface TurnLimits {
  /** pieces of work begun in one round */
  readonly eachRound: number;
  /** of one source that wait; one more is refused */
  readonly waitingPerSource: number;
}

export interface Turns {
  /** Does the work now or in one of the next rounds. False: this source has too much waiting already, and the work is not done. */
  take(source: string, work: () => void): boolean;
  /**
   * A connection was accepted. The system holds the others in one row for all sources and hands over one in each round, so that whoever
   * stands behind a flood of them would wait for a round of work for each: the next rounds are theirs, for a few ms.
   */
  newcomer(): void;
}

/** ms for newcomers, before a round of work: accepting one takes 0.1 ms */
const NEWCOMERS_MS = 5;

/** `nextRound` runs its argument once the event loop has looked at its connections again: `setImmediate`. `nowMs`: a clock that never goes back. */
export function turnsFor(
  { eachRound, waitingPerSource }: TurnLimits,
  nextRound: (run: () => void) => void = setImmediate,
  nowMs: () => number = () => performance.now(),
): Turns {
  /** in the order in which the sources are served next */
  const waiting = new Map<string, (() => void)[]>();
  let left = eachRound;
  let scheduled = false;
  let hasCome = false;
  /** when the first of these rounds for newcomers was */
  let newcomersSince: number | undefined;

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    nextRound(round);
  };
  const begin = (work: () => void) => {
    left -= 1;
    schedule();
    work();
  };
  /** Whether this round is for newcomers: one came in the last, and their time is not over. */
  const isForNewcomers = () => {
    const now = nowMs();
    const isTheirs = hasCome && now - (newcomersSince ?? now) < NEWCOMERS_MS;
    newcomersSince = isTheirs ? (newcomersSince ?? now) : undefined;
    hasCome = false;
    return isTheirs;
  };
  const round = () => {
    scheduled = false;
    if (isForNewcomers()) return schedule();
    left = eachRound;
    for (const [source, queue] of waiting) {
      if (left === 0) return;
      waiting.delete(source);
      const work = queue.shift();
      // Set anew, it comes after the others.
      if (queue.length > 0) waiting.set(source, queue);
      if (work !== undefined) begin(work);
    }
  };

  return {
    take(source, work) {
      if (left > 0 && waiting.size === 0) {
        begin(work);
        return true;
      }
      const queue = waiting.get(source) ?? [];
      if (queue.length >= waitingPerSource) return false;
      queue.push(work);
      waiting.set(source, queue);
      schedule();
      return true;
    },
    newcomer() {
      hasCome = true;
    },
  };
}
