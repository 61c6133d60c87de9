/** Waiting for what another process does: looking again and again, with a deadline for each look as well. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

export interface LookTimes {
  readonly everyMs: number;
  readonly forMs: number;
  /** gives up before */
  readonly signal?: AbortSignal;
}

export type Look<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** The first value of `look` that is not undefined or false; undefined when the time is over. Throws what `look` throws. */
export async function lookUntil<T>(look: Look<T>, { everyMs, forMs, signal }: LookTimes): Promise<T | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), forMs);
  const over = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  const gone = once(over, 'abort').then(() => undefined);
  try {
    while (!over.aborted) {
      const found = await Promise.race([look(), gone]);
      if (found !== undefined && found !== false) return found;
      await Promise.race([pause(everyMs), gone]);
    }
    return undefined;
  } finally {
    clearTimeout(timer);
    late.abort();
  }
}
