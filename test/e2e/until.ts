/** Waiting for what another process does, with a deadline that says what was waited for. */
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 50;
const DEADLINE_MS = 30_000;

type Look<T> = () => Promise<T | undefined | false> | T | undefined | false;

/**
 * The first value of `look` that is not undefined or false. A look that throws found nothing yet: a page goes away under the hand.
 * Throws naming `what` when the deadline passes, with the last look's error as its cause.
 */
export async function until<T>(what: string, look: Look<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`, { cause });
    await pause(EVERY_MS);
  }
}
