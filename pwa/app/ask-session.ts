/** Requests the session, and repeats the request in parallel while there is no answer: one lost packet is no outage. */
import type { PortalSettings } from '#core/machines/portal';
import type { SessionVerdict } from '../bridges/judge.ts';
import type { Clock } from './clock.ts';

export interface Asking {
  /** the first answer, even after the deadline */
  readonly verdict: Promise<SessionVerdict>;
  /** Stops further requests and the deadline. Pending requests may still be answered. */
  stop(): void;
}

/**
 * Calls `late` after `deadlineMs`, unless stopped. Every wait begins when the previous request goes out, so a stalled page
 * does not shorten the time for answers.
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
