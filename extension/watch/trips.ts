/** Navigates tabs to the Workspace, and follows those to its offline mode until they arrive. Nothing is kept: it takes a second. */
import { nextTrip, startTrip, TRIP_SETTINGS, type TripEffect, type TripEvent, type TripState } from '#core/machines/offline-trip';
import type { Untimed } from '#core/machines/step';
import { type Driver, drive } from '#runtime/machine/drive';
import type { Clock } from '../clock.ts';
import { causeOf } from './failure.ts';
import { isByPerson, type Raw } from './navigation.ts';

export interface TripsNeeds {
  readonly clock: Clock;
  go(tab: number, url: string): Promise<void>;
  log(text: string): void;
}
export interface Trips {
  /** Navigates once; the sign-in then redirects the tab as it needs. */
  toStart(tab: number, url: string): void;
  /** Navigates until the tab has arrived, or a person navigates elsewhere. */
  toOffline(tab: number, url: string): void;
  raw(tab: number, raw: Raw): void;
  closed(tab: number): void;
}

export function createTrips({ clock, go, log }: TripsNeeds): Trips {
  const trips = new Map<number, { readonly driver: Driver<TripState, TripEvent>; readonly end: AbortController }>();

  const drop = (tab: number): void => {
    trips.get(tab)?.end.abort();
    trips.delete(tab);
  };
  const send = (tab: number, url: string): void => {
    go(tab, url).catch((error: unknown) => log(`tab ${tab}: ${String(error)}`));
  };

  return {
    toStart(tab, url) {
      drop(tab);
      send(tab, url);
    },
    toOffline(tab, url) {
      drop(tab);
      const end = new AbortController();
      const driver = drive<TripState, TripEvent, TripEffect>({
        first: startTrip(url, clock.now(), TRIP_SETTINGS),
        next: (state, event) => nextTrip(state, event, TRIP_SETTINGS),
        clock,
        due: (at) => ({ type: 'due', at }),
        effects: {
          go: (effect) => {
            if (effect.times > 1) log(`tab ${tab}: told ${effect.times} times to go offline`);
            send(tab, effect.url);
          },
        },
        failed: (error) => log(`tab ${tab}: ${String(error)}`),
        signal: end.signal,
      });
      trips.set(tab, { driver, end });
    },
    raw(tab, raw) {
      const event = toEvent(raw);
      if (event !== undefined) trips.get(tab)?.driver.tell({ ...event, at: clock.now() });
      if (trips.get(tab)?.driver.state.is === 'over') drop(tab);
    },
    closed: drop,
  };
}

/** What a trip needs to know of a browser event; undefined when it does not matter. */
export function toEvent(raw: Raw): Untimed<TripEvent> | undefined {
  switch (raw.kind) {
    case 'navigation-begins':
      return { type: 'begins', url: raw.url, byPerson: false };
    case 'request-begins':
      return { type: 'begins', url: raw.url, request: raw.request, byPerson: raw.initiator === null };
    case 'committed':
      return { type: 'committed', url: raw.url, byPerson: isByPerson(raw) };
    case 'request-fails':
    case 'navigation-fails':
      return { type: 'failed', url: raw.url, stopped: causeOf(raw.error) === null };
    case 'found':
    case 'request-completes':
      return undefined;
  }
}
