/**
 * A tab's way to the portal's offline mode. The browser may be told to go there while a page of the sign-in is just leaving by
 * itself: the younger of the two navigations wins, and that can be the page's. So the way is followed until the tab stays there.
 *
 *    told ──begins──► begun ──committed, failed──► there ──nothing for 300 ms──► over
 *     ▲                 │                            │
 *     └── nothing heard · something else began in between: told again, at most 4 times
 *    any ──a person went to another origin · told often enough──► over
 *
 * The Workspace's own address does not end it, whoever typed it: within this second it is older than the person's choice.
 * Pure. Times are milliseconds of one clock, given with the event.
 */

import { originOf } from '../workspaces/origin.ts';
import { causeOf } from './failure.ts';
import { isByPerson, type Raw } from './navigation.ts';

export interface Trip {
  readonly url: string;
  /** how often the browser was told */
  readonly told: number;
  /** when it is looked at again */
  readonly due: number;
  readonly seen: 'nothing' | 'begun' | 'there';
  /** addresses and requests of everything else that has begun since it was told last */
  readonly others: readonly string[];
}

export interface TripStep {
  /** null: over */
  readonly trip: Trip | null;
  /** tell the browser (again) */
  readonly go: boolean;
}

/** A navigation that is not seen to begin by then was dropped: it usually takes 20 ms. */
const HEARD_MS = 500;
/** A page that leaves by itself has done so before its successor is there; what is left is for two processes to agree. */
const SETTLED_MS = 300;
/** One that has begun ends in a page or an error; nobody waits for it longer. */
const PATIENCE_MS = 5_000;
const TOLD_AT_MOST = 4;

const OVER: TripStep = { trip: null, go: false };

export function startTrip(url: string, now: number): TripStep {
  return { trip: { url, told: 1, due: now + HEARD_MS, seen: 'nothing', others: [] }, go: true };
}

/** One event of the tab's main frame. */
export function stepTrip(trip: Trip, raw: Raw, now: number): TripStep {
  switch (raw.kind) {
    case 'navigation-begins':
      return raw.url === trip.url ? becomeBegun(trip, now) : stay(withOther(trip, raw.url));
    case 'request-begins':
      if (raw.url === trip.url) return becomeBegun(trip, now);
      // The next hop of one that has been answered already.
      if (trip.others.includes(raw.request)) return stay(trip);
      return elsewhere(trip, raw.url, raw.initiator === null, now, raw.request);
    case 'committed':
      if (raw.url === trip.url) return becomeThere(trip, now);
      // One that had begun before is what the trip leads away from.
      return trip.others.includes(raw.url) ? elsewhere(trip, raw.url, isByPerson(raw), now) : stay(trip);
    case 'request-fails':
    case 'navigation-fails':
      if (raw.url !== trip.url) return stay(trip);
      return causeOf(raw.error) === null ? stay({ ...trip, seen: 'nothing', due: now + HEARD_MS }) : becomeThere(trip, now);
    case 'found':
    case 'request-completes':
      return stay(trip);
  }
}

/** The time `due` may have come. */
export function tripIsDue(trip: Trip, now: number): TripStep {
  if (now < trip.due) return stay(trip);
  return trip.seen === 'nothing' ? goAgain(trip, now) : OVER;
}

function stay(trip: Trip): TripStep {
  return { trip, go: false };
}

function withOther(trip: Trip, other: string): Trip {
  return { ...trip, others: [...trip.others, other] };
}

function becomeBegun(trip: Trip, now: number): TripStep {
  return stay(trip.seen === 'there' ? trip : { ...trip, seen: 'begun', due: now + PATIENCE_MS });
}

function becomeThere(trip: Trip, now: number): TripStep {
  return stay({ ...trip, seen: 'there', due: now + SETTLED_MS });
}

function elsewhere(trip: Trip, url: string, byPerson: boolean, now: number, request?: string): TripStep {
  if (byPerson && originOf(url) !== originOf(trip.url)) return OVER;
  return goAgain(request === undefined ? trip : withOther(trip, request), now);
}

/** Requests stay known: their later hops are no news. */
function goAgain(trip: Trip, now: number): TripStep {
  if (trip.told >= TOLD_AT_MOST) return OVER;
  return { trip: { ...trip, told: trip.told + 1, due: now + HEARD_MS, seen: 'nothing' }, go: true };
}
