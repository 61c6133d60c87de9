/** Waiting in a test for what another process does, with a deadline that says what was waited for. */
import { type Look, lookUntil } from '../cli/look-until.ts';
import { patience } from './patience.ts';

const EVERY_MS = 20;
const DEADLINE_MS = 30_000;
const MOMENTS_MS = 10_000;

/**
 * The first value of `look` that is not undefined or false. A look that throws found nothing yet: a page goes away under the hand.
 * Throws naming `what` when the deadline passes, with the last look's error as its cause; a function is asked then.
 */
export async function until<T>(what: string | (() => string), look: Look<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  const forMs = patience(deadlineMs);
  let cause: unknown;
  const patiently = async () => {
    try {
      return await look();
    } catch (error) {
      cause = error;
      return undefined;
    }
  };
  const found = await lookUntil(patiently, { everyMs: EVERY_MS, forMs });
  if (found !== undefined) return found;
  throw new Error(`Waited ${forMs} ms in vain: ${typeof what === 'string' ? what : what()}.`, { cause });
}

/** The same for what takes moments and is named by its own code. */
export async function untilHolds(holds: Look<true>): Promise<void> {
  await until(() => holds.toString(), holds, MOMENTS_MS);
}
