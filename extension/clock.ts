/** The clock that the extension's parts receive; tests pass their own. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels it. */
  after(ms: number, call: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
