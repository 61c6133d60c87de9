/** How long a peer takes to answer, reckoned as TCP does it (RFC 6298): a smoothed mean, and how far answers stray from it. */

export interface RoundTrips {
  /** An answer took this long, milliseconds. */
  took(ms: number): void;
  /** ms after which an answer is overdue; as long as it takes before the first one. */
  overdueMs(): number;
}

/** RFC 6298, 2.3: an eighth and a quarter of every new round trip; four times the variation on top. */
const MEAN_SHARE = 1 / 8;
const VARIATION_SHARE = 1 / 4;
const VARIATIONS = 4;

export function roundTrips(): RoundTrips {
  let mean: number | undefined;
  let variation = 0;
  return {
    took(ms) {
      variation = mean === undefined ? ms / 2 : variation + VARIATION_SHARE * (Math.abs(mean - ms) - variation);
      mean = mean === undefined ? ms : mean + MEAN_SHARE * (ms - mean);
    },
    overdueMs: () => (mean === undefined ? Number.POSITIVE_INFINITY : mean + VARIATIONS * variation),
  };
}
