/** Waiting for what another process does, with a deadline that says what was waited for. */
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 50;
const DEADLINE_MS = 30_000;

/** The first value of `look` that is not undefined or false. Throws naming `what` when the deadline passes. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await pause(EVERY_MS);
  }
}
