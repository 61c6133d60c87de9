/** Requests the session, and repeats the request in parallel while there is no answer: one lost packet is no outage. */
import type { PortalEffect, PortalSettings } from '#core/machines/portal-states';
import { afterOwnTime, type OwnTime } from '#runtime/machine/own-time';
import type { SessionVerdict } from '../bridges/judge.ts';
import type { Clock } from './clock.ts';

/** The second witness has this long. Milliseconds of our own time. */
const WITNESS_MS = 1_500;

export interface Asking {
  /** the first answer, even after the deadline */
  readonly verdict: Promise<SessionVerdict>;
  /** Stops further requests and the deadline. Pending requests may still be answered. */
  stop(): void;
}

export interface AskDoors {
  readonly session: () => Promise<SessionVerdict>;
  /** whether the service worker, asking by itself, is answered by the Workspace */
  readonly witness: () => Promise<boolean>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly settings: Pick<PortalSettings, 'asks' | 'askEveryMs'>;
}

/**
 * Calls `silent` after `deadlineMs` of the page's own time, unless stopped. A page that was held up meanwhile has another one asked
 * before it says so: where the worker is answered, everything is asked once more.
 */
export function askInTurn(
  { session, witness, clock, settings }: AskDoors,
  { deadlineMs, lateMs }: Omit<Extract<PortalEffect, { do: 'probe' }>, 'do'>,
  silent: () => void,
): Asking {
  const { promise: verdict, resolve } = Promise.withResolvers<SessionVerdict>();
  let stopped = false;
  let stopAsks = (): void => {};
  let own: OwnTime;

  const ask = (left: number): void => {
    void session().then(resolve);
    if (left > 1) stopAsks = clock.after(settings.askEveryMs, () => ask(left - 1));
  };
  const begin = (late: number, over: () => void): void => {
    ask(settings.asks);
    own = afterOwnTime(clock, deadlineMs, over, { lateMs: late });
  };
  const over = (): void => {
    if (own.wasLate) askWitness();
    else silent();
  };
  const askWitness = (): void => {
    const { promise: heard, resolve: hears } = Promise.withResolvers<boolean>();
    own = afterOwnTime(clock, WITNESS_MS, () => hears(false));
    void witness().then(hears, () => hears(false));
    void heard.then((answers) => {
      own.stop();
      if (stopped) return;
      if (answers) begin(0, silent);
      else silent();
    });
  };

  begin(lateMs, over);
  return {
    verdict,
    stop: () => {
      stopped = true;
      stopAsks();
      own.stop();
    },
  };
}
