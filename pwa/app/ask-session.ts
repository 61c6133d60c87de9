/** Asks the Workspace for the session, and again beside it while there is no answer: one lost packet is no outage. */
import type { PortalSettings } from '#core/machines/portal';
import type { SessionVerdict } from '../bridges/judge.ts';
import type { Clock } from './clock.ts';

export interface Asking {
  /** the first answer, also one that comes after the deadline */
  readonly verdict: Promise<SessionVerdict>;
  /** Asks no more, and the deadline does not ring. What was asked may still be answered. */
  stop(): void;
}

/**
 * `deadlineMs` from now `late` is called, unless stopped. Every wait begins as the ask before it goes out, so a page that is held up
 * in between takes no time from the answers.
 */
export function askInTurn(
  session: () => Promise<SessionVerdict>,
  { after }: Pick<Clock, 'after'>,
  { asks, askEveryMs }: Pick<PortalSettings, 'asks' | 'askEveryMs'>,
  deadlineMs: number,
  late: () => void,
): Asking {
  const { promise: verdict, resolve } = Promise.withResolvers<SessionVerdict>();
  let stop = (): void => {};
  const ask = (left: number, restMs: number): void => {
    void session().then(resolve);
    stop = left > 1 ? after(askEveryMs, () => ask(left - 1, restMs - askEveryMs)) : after(restMs, late);
  };
  ask(asks, deadlineMs);
  return { verdict, stop: () => stop() };
}
