/** The way to offline mode: what browsers tell meanwhile, and how often they are told again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTrip, startTrip, TRIP_SETTINGS, type TripState } from '#core/machines/offline-trip';
import type { Raw } from '../../../extension/watch/navigation.ts';
import { createTrips, toEvent } from '../../../extension/watch/trips.ts';
import { handClock } from '../../runtime/machine/hand-clock.ts';

const START = 'https://workspace.example/';
const OFFLINE = `${START}?offline=choice`;
const SIGN_IN = `${START}auth/sign-in`;
const NEWS = 'https://news.example/';

/** A wait in milliseconds, or an event of the tab. */
type Happening = number | Raw;

const begins = (url: string): Raw => ({ kind: 'navigation-begins', url });
const asks = (url: string, request: string, initiator: string | null = START): Raw => ({ kind: 'request-begins', url, request, initiator });
const commits = (url: string, transition = 'link'): Raw => ({ kind: 'committed', url, transition, qualifiers: [] });
const aborts = (url: string): Raw => ({ kind: 'navigation-fails', url, error: 'net::ERR_ABORTED' });
const refuses = (url: string): Raw => ({ kind: 'navigation-fails', url, error: 'net::ERR_CONNECTION_REFUSED' });

const STORIES: Readonly<Record<string, readonly [happenings: readonly Happening[], told: number, end: 'over' | 'on its way']>> = {
  'it arrives': [[begins(OFFLINE), commits(OFFLINE), 300], 1, 'over'],
  'dropped without an event': [[500, begins(OFFLINE), commits(OFFLINE), 300], 2, 'over'],
  'the page’s own way to the sign-in ends it': [
    [begins(OFFLINE), aborts(OFFLINE), begins(SIGN_IN), asks(SIGN_IN, '1'), asks('https://login.example/', '1')],
    2,
    'on its way',
  ],
  'the page leaves while its successor comes': [
    [begins(OFFLINE), begins(SIGN_IN), commits(OFFLINE), asks(SIGN_IN, '1'), begins(OFFLINE), commits(OFFLINE), 300],
    2,
    'over',
  ],
  'the sign-in was on its way before': [[asks(SIGN_IN, '1'), begins(OFFLINE), aborts(SIGN_IN), commits(OFFLINE), 300], 2, 'over'],
  'what had begun before commits still': [[commits(START, 'typed'), begins(OFFLINE), commits(OFFLINE), 300], 1, 'over'],
  'a page of the service worker in between': [[begins(START), commits(START, 'typed'), begins(OFFLINE), commits(OFFLINE)], 2, 'on its way'],
  'stopped without a successor': [[begins(OFFLINE), aborts(OFFLINE), 500], 2, 'on its way'],
  'refused: there is nothing to come to': [[begins(OFFLINE), refuses(OFFLINE), 300], 1, 'over'],
  'a person goes elsewhere': [[begins(OFFLINE), asks(NEWS, '1', null)], 1, 'over'],
  'a person goes elsewhere, seen by the navigation interface only': [[begins(NEWS), commits(NEWS, 'typed')], 1, 'over'],
  'never for ever': [[500, 500, 500, 500, 500], 4, 'over'],
};

for (const [name, [happenings, told, end]] of Object.entries(STORIES)) {
  test(`the way to offline mode: ${name}`, () => {
    let at = 1_000;
    let state: TripState = startTrip(OFFLINE, at, TRIP_SETTINGS).state;
    let times = 1;
    for (const happening of happenings) {
      if (typeof happening === 'number') at += happening;
      const event = typeof happening === 'number' ? ({ type: 'due' } as const) : toEvent(happening);
      if (event === undefined) continue;
      const step = nextTrip(state, { ...event, at }, TRIP_SETTINGS);
      ({ state } = step);
      times += step.effects.filter((effect) => effect.do === 'go').length;
    }
    assert.deepEqual([times, state.is === 'over' ? 'over' : 'on its way'], [told, end]);
  });
}

/** Tabs that are taken somewhere, by a clock of the test's own. */
function trips() {
  const clock = handClock(1_000);
  const went: string[] = [];
  return { clock, went, trips: createTrips({ clock, go: async (tab, url) => void went.push(`${tab} ${url}`), log: () => {} }) };
}

test('B-E5b a tab that is taken to the sign-in is not taken to offline mode any more', () => {
  const { clock, went, trips: taken } = trips();
  taken.toOffline(7, OFFLINE);
  taken.toStart(7, START);
  clock.pass(5_000);
  assert.deepEqual(went, [`7 ${OFFLINE}`, `7 ${START}`]);
});

test('B-E5a only the newest way to offline mode is gone again', () => {
  const { clock, went, trips: taken } = trips();
  const other = 'https://other.example/?offline=choice';
  taken.toOffline(7, OFFLINE);
  taken.toOffline(7, other);
  clock.pass(500);
  assert.deepEqual(went, [`7 ${OFFLINE}`, `7 ${other}`, `7 ${other}`]);
});

test('a tab that is closed, or has arrived, goes nowhere any more', () => {
  const { clock, went, trips: taken } = trips();
  taken.toOffline(7, OFFLINE);
  taken.closed(7);
  taken.toOffline(8, OFFLINE);
  taken.raw(8, begins(OFFLINE));
  taken.raw(8, commits(OFFLINE));
  taken.raw(9, commits(OFFLINE));
  clock.pass(5_000);
  assert.deepEqual(went, [`7 ${OFFLINE}`, `8 ${OFFLINE}`]);
});
