/** Polls the root of trust until the signal aborts. */
import { setTimeout as pause } from 'node:timers/promises';

/** `for news`: a long poll; the root answers when somebody is blocked or the wait is over. */
export type Asking = 'at once' | 'for news';

/** ms between an answer and the next poll, and between two failed polls: short, so that a restart of everything settles quickly */
const POLL_PAUSES = { answered: 250, unanswered: 2_000 } as const;

/** `ask` never rejects; it resolves to whether there was an answer. Resolves when `signal` has aborted. */
export async function pollUntilAborted(
  ask: (asking: Asking) => Promise<boolean>,
  signal: AbortSignal,
  pauses: { readonly answered: number; readonly unanswered: number } = POLL_PAUSES,
): Promise<void> {
  let answered = await ask('at once');
  while (!signal.aborted) {
    await pause(answered ? pauses.answered : pauses.unanswered, undefined, { signal, ref: false }).catch(() => {});
    if (!signal.aborted) answered = await ask(answered ? 'for news' : 'at once');
  }
}
