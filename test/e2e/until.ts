/** Waiting for what another process does, with a deadline that says what was waited for. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { patience } from '../patience.ts';

const EVERY_MS = 50;
const DEADLINE_MS = 30_000;

type Look<T> = () => Promise<T | undefined | false> | T | undefined | false;

/**
 * The first value of `look` that is not undefined or false. A look that throws found nothing yet: a page goes away under the hand.
 * Throws naming `what` when the deadline passes, with the last look's error as its cause; a function is asked then.
 */
export async function until<T>(what: string | (() => string), look: Look<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  const fair = patience(deadlineMs);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), fair);
  // A look itself may wait for a page that hangs: the deadline is for it too.
  const gone = once(late.signal, 'abort').then(() => undefined);
  let cause: unknown;
  try {
    while (!late.signal.aborted) {
      try {
        const found = await Promise.race([look(), gone]);
        if (found !== undefined && found !== false) return found;
      } catch (error) {
        cause = error;
      }
      await Promise.race([pause(EVERY_MS), gone]);
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error(`Waited ${fair} ms in vain: ${typeof what === 'string' ? what : what()}.`, { cause });
}
