/**
 * A tab's trip to the portal's offline mode. The browser may be told to go there while a page of the sign-in is leaving by
 * itself: the later of the two navigations wins, and that can be the page's. So the trip is followed until the tab stays there.
 * Driven by the extension; times are milliseconds since 1970. More in docs/state-machines.md.
 *
 *    told --begins--> begun --arrived--> there --nothing for 300 ms--> over
 *     ^                 |                  |
 *     +-- nothing heard, or something else began in between: told again, at most 4 times
 *    any --a person went to another origin, or told often enough--> over
 *
 * The Workspace's own address does not end it, whoever typed it: within this second it is older than the person's choice.
 */
import { type Happening, type Step, same, type TimerEffect } from './step.ts';

interface UnderWay {
  readonly url: string;
  /** how often the browser was told */
  readonly times: number;
  /** addresses and requests of everything else that has begun since it was told last */
  readonly others: readonly string[];
  readonly until: number;
}
export type TripState = ({ readonly is: 'told' | 'begun' | 'there' } & UnderWay) | { readonly is: 'over' };

/** Of the tab's main frame. `request`: the browser's id of it; absent where only the navigation was seen. */
export type TripEvent = Happening &
  (
    | { readonly type: 'begins'; readonly url: string; readonly request?: string; readonly byPerson: boolean }
    | { readonly type: 'committed'; readonly url: string; readonly byPerson: boolean }
    /** `stopped`: by another navigation or by the person; else the address does not answer */
    | { readonly type: 'failed'; readonly url: string; readonly stopped: boolean }
    | { readonly type: 'due' }
  );

export type TripEffect =
  | TimerEffect /** tell the browser, for the `times`th time */
  | { readonly do: 'go'; readonly url: string; readonly times: number };

/** Milliseconds, but for `times`. */
export interface TripSettings {
  /** a navigation that has not begun by then was dropped: it usually takes 20 ms */
  readonly heardMs: number;
  /** a page that leaves by itself has begun to before its successor arrives; what is left is for two processes to agree */
  readonly settledMs: number;
  /** a navigation that has begun ends in a page or an error within this */
  readonly arrivedMs: number;
  readonly times: number;
}
export const TRIP_SETTINGS: TripSettings = { heardMs: 500, settledMs: 300, arrivedMs: 5_000, times: 4 };

type TripStep = Step<TripState, TripEffect>;
type Travelling = Exclude<TripState, { readonly is: 'over' }>;

/** `url`: the portal's offline mode. */
export function startTrip(url: string, at: number, settings: TripSettings): TripStep {
  return becomeTold({ url, times: 0, others: [], until: at }, at, settings);
}

export function nextTrip(state: TripState, event: TripEvent, settings: TripSettings): TripStep {
  if (state.is === 'over') return same(state);
  switch (event.type) {
    case 'begins':
      return begins(state, event, settings);
    case 'committed':
      if (event.url === state.url) return becomeThere(state, event.at, settings);
      // What had begun before the trip is what it leads away from.
      return state.others.includes(event.url) ? elsewhere(state, event, settings) : same(state);
    case 'failed':
      if (event.url !== state.url) return same(state);
      return event.stopped ? becomeUnheard(state, event.at, settings) : becomeThere(state, event.at, settings);
    case 'due':
      if (event.at < state.until) return same(state);
      return state.is === 'told' ? becomeTold(state, event.at, settings) : becomeOver();
  }
}

function begins(state: Travelling, event: Extract<TripEvent, { type: 'begins' }>, settings: TripSettings): TripStep {
  if (event.url === state.url) return becomeBegun(state, event.at, settings);
  if (event.request === undefined) return becomeAccompanied(state, event.url);
  // The next hop of a request that was answered already.
  return state.others.includes(event.request) ? same(state) : elsewhere(state, event, settings);
}

/** Something else has the tab: a person's choice counts, a page's does not. */
function elsewhere(state: Travelling, event: Extract<TripEvent, { url: string; byPerson: boolean }>, settings: TripSettings): TripStep {
  if (event.byPerson && originOf(event.url) !== originOf(state.url)) return becomeOver();
  const request = 'request' in event ? event.request : undefined;
  return becomeTold(request === undefined ? state : { ...state, others: [...state.others, request] }, event.at, settings);
}

/** Requests stay known: their later hops are no news. */
function becomeTold({ url, times, others }: UnderWay, at: number, settings: TripSettings): TripStep {
  if (times >= settings.times) return becomeOver();
  const until = at + settings.heardMs;
  const go: TripEffect = { do: 'go', url, times: times + 1 };
  return { state: { is: 'told', url, times: times + 1, others, until }, effects: [{ do: 'wait', until }, go] };
}

function becomeBegun(state: Travelling, at: number, settings: TripSettings): TripStep {
  return state.is === 'there' ? same(state) : becomeWaiting(state, 'begun', at + settings.arrivedMs);
}

function becomeThere(state: Travelling, at: number, settings: TripSettings): TripStep {
  return becomeWaiting(state, 'there', at + settings.settledMs);
}

/** Told, but the navigation was stopped: it counts as not heard until it begins again. */
function becomeUnheard(state: Travelling, at: number, settings: TripSettings): TripStep {
  return becomeWaiting(state, 'told', at + settings.heardMs);
}

function becomeWaiting({ url, times, others }: Travelling, is: Travelling['is'], until: number): TripStep {
  return { state: { is, url, times, others, until }, effects: [{ do: 'wait', until }] };
}

function becomeAccompanied(state: Travelling, other: string): TripStep {
  return { state: { ...state, others: [...state.others, other] }, effects: [] };
}

function becomeOver(): TripStep {
  return { state: { is: 'over' }, effects: [{ do: 'rest' }] };
}

function originOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/iu.exec(url)?.[0] ?? '';
}
