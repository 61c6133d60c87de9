/** How long a peer usually takes to answer: the median of its last answers, so that one that strayed changes nothing. */

export interface RoundTrips {
  /** An answer took this long, milliseconds. */
  took(ms: number): void;
  /** ms; as long as it takes before the first answer */
  usualMs(): number;
}

/** Answers that count: pings of the last 20 s or so. */
const KEPT = 9;

export function roundTrips(): RoundTrips {
  const last: number[] = [];
  return {
    took(ms) {
      last.push(ms);
      if (last.length > KEPT) last.shift();
    },
    usualMs: () => last.toSorted((a, b) => a - b)[last.length >> 1] ?? Number.POSITIVE_INFINITY,
  };
}
