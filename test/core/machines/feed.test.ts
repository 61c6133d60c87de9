import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type FeedEvent, type FeedState, nextFeed, retryDelay, FEED_SETTINGS as S, shownOf, startFeed } from '#core/machines/feed';
import type { FeedDocument, FeedResource } from '#protocol/feed';

const wiki: FeedResource = { id: 'wiki', name: 'Wiki', kind: 'web', url: 'https://wiki.example/' };
const documentAt = (asOf: number, resources: FeedResource[] = [wiki]): FeedDocument => ({
  v: 1,
  feed: 'web',
  name: 'Web links',
  subject: 'mara-keller-1',
  asOf,
  resources,
});
const OLD = documentAt(1);
const NEW = documentAt(2);
const EMPTY = documentAt(3, []);
const AT = 1_000_000;

const STATES: Readonly<Record<string, FeedState>> = {
  loading: { is: 'loading', shown: undefined, attempt: 0 },
  'loading, shown': { is: 'loading', shown: OLD, attempt: 2 },
  live: { is: 'live', document: OLD },
  'live, signed out': { is: 'live', document: undefined },
  'cached, awaited': { is: 'cached', copy: OLD, cause: undefined, attempt: 0 },
  cached: { is: 'cached', copy: OLD, cause: 'timeout', attempt: 1 },
  unavailable: { is: 'unavailable', cause: 'network', attempt: 1 },
};
const EVENTS: Readonly<Record<string, FeedEvent>> = {
  'no copy': { type: 'cacheRead', at: AT, copy: undefined },
  copy: { type: 'cacheRead', at: AT, copy: NEW },
  document: { type: 'document', at: AT, document: NEW },
  emptied: { type: 'emptied', at: AT, document: EMPTY },
  failed: { type: 'failed', at: AT, cause: 'server-error', chance: 0.5 },
  deadline: { type: 'deadline', at: AT, chance: 0.5 },
  due: { type: 'due', at: AT },
  reconnect: { type: 'reconnect', at: AT },
  back: { type: 'back', at: AT },
  signedOut: { type: 'signedOut', at: AT },
  otherUser: { type: 'otherUser', at: AT },
};

/** A step in short: state, what is shown, cause; then the effects. `=` is: nothing changes, nothing is done. */
function told(before: FeedState, event: FeedEvent): string {
  const { state, effects } = nextFeed(before, event, S);
  if (state === before && effects.length === 0) return '=';
  const shown = shownOf(state);
  const name = shown === undefined ? '' : ` ${shown === OLD ? 'old' : shown === NEW ? 'new' : 'empty'}`;
  const cause = 'cause' in state && state.cause !== undefined ? ` ${state.cause}` : '';
  const did = effects.map((effect) => (effect.do === 'wait' ? `wait ${effect.until - AT}` : effect.do)).join(', ');
  return `${state.is}${name}${cause}${did === '' ? '' : ` | ${did}`}`;
}

// Every state x event pair. Rows: events; columns in the order of STATES.
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'no copy': ['=', '=', '=', '=', '=', '=', '='],
  copy: ['cached new', 'cached old', '=', '=', '=', '=', 'cached new network'],
  document: Array<string>(7).fill('live new | stopFetch, rest'),
  emptied: Array<string>(7).fill('live empty | remove, stopFetch, rest'),
  failed: [
    'unavailable server-error | wait 5000',
    'cached old server-error | wait 20000',
    'cached old server-error | wait 5000',
    'unavailable server-error | wait 5000',
    'cached old server-error | wait 5000',
    'cached old server-error',
    '=',
  ],
  deadline: [
    'unavailable timeout | wait 5000',
    'cached old timeout | wait 20000',
    'cached old timeout | wait 5000',
    'unavailable timeout | wait 5000',
    'cached old timeout | wait 5000',
    'cached old timeout',
    '=',
  ],
  due: ['=', '=', '=', '=', 'loading old | rest, fetch', 'loading old | rest, fetch', 'loading | rest, fetch'],
  reconnect: ['=', '=', '=', '=', 'loading old | rest, fetch', 'loading old | rest, fetch', 'loading | rest, fetch'],
  back: ['=', '=', '=', '=', 'loading old | rest, fetch', 'loading old | rest, fetch', 'loading | rest, fetch'],
  signedOut: Array<string>(7).fill('live | remove, stopFetch, rest'),
  otherUser: Array<string>(7).fill('live | remove, stopFetch, rest'),
};

describe('a feed, every state and event', () => {
  for (const [eventName, event] of Object.entries(EVENTS)) {
    Object.entries(STATES).forEach(([stateName, state], column) => {
      test(`${stateName} + ${eventName}`, () => assert.equal(told(state, event), TABLE[eventName]?.[column]));
    });
  }
});

test('a feed reads its copy before it asks', () => {
  assert.deepEqual(
    startFeed(S).effects.map((effect) => effect.do),
    ['readCache', 'fetch'],
  );
});

test('retries double from 5 s to 60 s, spread but never above it', () => {
  const middles = [0, 1, 2, 3, 4, 9].map((attempt) => retryDelay(attempt, 0.5, S));
  assert.deepEqual(middles, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  assert.equal(retryDelay(0, 0, S), 4_000);
  assert.equal(retryDelay(0, 1, S), 6_000);
  assert.equal(retryDelay(40, 1, S), 60_000);
});

const anyEvent = fc.constantFrom(...Object.values(EVENTS));
const REMOVING = new Set(['emptied', 'signedOut', 'otherUser']);

test('what is shown goes only by an authenticated answer, a sign-out or another person', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let { state } = startFeed(S);
      for (const event of events) {
        const before = shownOf(state);
        const step = nextFeed(state, event, S);
        if (before !== undefined && !REMOVING.has(event.type)) assert.ok(shownOf(step.state) !== undefined, `${state.is} + ${event.type}`);
        if (step.effects.some((effect) => effect.do === 'remove')) assert.ok(REMOVING.has(event.type));
        state = step.state;
      }
    }),
  );
});

test('no feed waits without a deadline: whatever fails has its retry running', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let { state } = startFeed(S);
      // The copy is read first, so a loading feed always has its request in flight.
      let waitsFor: 'answer' | 'retry' | 'nothing' = 'answer';
      for (const event of events) {
        const step = nextFeed(state, event, S);
        for (const effect of step.effects) {
          if (effect.do === 'wait') waitsFor = 'retry';
          if (effect.do === 'rest') waitsFor = 'nothing';
          if (effect.do === 'fetch') waitsFor = 'answer';
        }
        state = step.state;
        if (state.is === 'unavailable' || (state.is === 'cached' && state.cause !== undefined)) assert.equal(waitsFor, 'retry');
        if (state.is === 'loading') assert.equal(waitsFor, 'answer');
      }
    }),
  );
});
