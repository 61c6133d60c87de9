/** Navigates tabs to the Workspace, and follows those to its offline mode until they arrive. Nothing is kept: it takes a second. */
import type { Clock } from '../clock.ts';
import type { Raw } from './navigation.ts';
import { startTrip, stepTrip, type Trip, type TripStep, tripIsDue } from './trip.ts';

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
  const trips = new Map<number, { readonly trip: Trip; readonly forget: () => void }>();

  function drop(tab: number): void {
    trips.get(tab)?.forget();
    trips.delete(tab);
  }

  function take(tab: number, { trip, go: tell }: TripStep, url: string): void {
    drop(tab);
    if (trip !== null) trips.set(tab, { trip, forget: clock.after(Math.max(0, trip.due - clock.now()), () => due(tab)) });
    if (!tell) return;
    if (trip !== null && trip.told > 1) log(`tab ${tab}: told ${trip.told} times to go offline`);
    send(tab, url);
  }

  function due(tab: number): void {
    const { trip } = trips.get(tab) ?? {};
    if (trip !== undefined) take(tab, tripIsDue(trip, clock.now()), trip.url);
  }

  function send(tab: number, url: string): void {
    go(tab, url).catch((error: unknown) => log(`tab ${tab}: ${String(error)}`));
  }

  return {
    toStart(tab, url) {
      drop(tab);
      send(tab, url);
    },
    toOffline: (tab, url) => take(tab, startTrip(url, clock.now()), url),
    raw(tab, raw) {
      const { trip } = trips.get(tab) ?? {};
      if (trip !== undefined) take(tab, stepTrip(trip, raw, clock.now()), trip.url);
    },
    closed: drop,
  };
}
