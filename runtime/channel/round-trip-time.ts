/** A peer's usual response time: the median of its last answers, so that a single outlier changes nothing. */

export interface RoundTripTime {
  /** Records a response time, milliseconds. */
  took(ms: number): void;
  /** ms; as long as it takes before the first answer */
  usualMs(): number;
}

/** Answers considered: the pings of the last 20 s or so. */
const KEPT = 9;

export function roundTripTime(): RoundTripTime {
  const last: number[] = [];
  return {
    took(ms) {
      last.push(ms);
      if (last.length > KEPT) last.shift();
    },
    usualMs: () => last.toSorted((a, b) => a - b)[last.length >> 1] ?? Number.POSITIVE_INFINITY,
  };
}
