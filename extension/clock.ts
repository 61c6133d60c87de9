/** Time as the extension's parts are given it; tests bring their own. */
export interface Clock {
  /** milliseconds since 1970 */
  now(): number;
  /** Calls back once after `ms`; the returned function forgets it. */
  after(ms: number, call: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
