import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { FeedState } from '#core/machines/feed';
import { nextPortal, startPortal, summarize } from '#core/machines/portal';
import { type PortalEvent, type PortalState, PORTAL_SETTINGS as S } from '#core/machines/portal-states';

const offline = (change: Partial<Extract<PortalState, { is: 'offline' }>> = {}): PortalState => ({
  is: 'offline',
  why: { by: 'outage', cause: 'timeout' },
  since: 100,
  back: 'no',
  tried: undefined,
  retryAt: 5_100,
  attempt: 1,
  ...change,
});

const STATES: Readonly<Record<string, PortalState>> = {
  starting: { is: 'starting', from: 'anywhere' },
  'signing-in': { is: 'signing-in' },
  online: { is: 'online' },
  degraded: { is: 'degraded' },
  'offline, outage': offline(),
  'offline, choice': offline({ why: { by: 'choice', outage: false }, retryAt: undefined, attempt: 0 }),
  'reconnecting, offline': { is: 'reconnecting', from: 'offline', since: 100 },
};
const EVENTS: Readonly<Record<string, PortalEvent>> = {
  'signed in, feeds fine': { type: 'signedIn', at: 900, feeds: 'fine', busy: true },
  'signed in, a feed failed': { type: 'signedIn', at: 900, feeds: 'failed', busy: true },
  'signed in, not busy': { type: 'signedIn', at: 900, feeds: 'fine', busy: false },
  'sign-in needed': { type: 'signInNeeded', at: 900 },
  outage: { type: 'outage', at: 900, cause: 'server-error', chance: 0.5 },
  deadline: { type: 'deadline', at: 900, chance: 0.5 },
  'work offline': { type: 'workOffline', at: 900 },
  'feeds fine': { type: 'feeds', at: 900, feeds: 'fine' },
  'a feed failed': { type: 'feeds', at: 900, feeds: 'failed' },
  reconnect: { type: 'reconnect', at: 900 },
  due: { type: 'due', at: 900 },
  back: { type: 'back', at: 900 },
  'signed out': { type: 'signedOut', at: 900 },
};

/** A step in short. `=`: nothing changes, nothing is done. */
function told(before: PortalState, event: PortalEvent): string {
  const { state, effects } = nextPortal(before, event, S);
  if (state === before && effects.length === 0) return '=';
  const parts: string[] = [state.is];
  if (state.is === 'offline') {
    parts.push(state.why.by === 'choice' ? 'by choice' : state.why.cause, `since ${state.since}`);
    if (state.back !== 'no') parts.push(`back ${state.back}`);
    if (state.tried !== undefined) parts.push(`tried ${state.tried.cause}`);
  }
  const did = effects
    .filter((effect) => effect.do !== 'rest' && effect.do !== 'stopProbe')
    .map((effect) =>
      'until' in effect ? `wait ${effect.until - event.at}` : 'deadlineMs' in effect ? `probe ${effect.deadlineMs}` : effect.do,
    );
  return did.length === 0 ? parts.join(' ') : `${parts.join(' ')} | ${did.join(', ')}`;
}

const LOST = 'offline server-error since 900 | wait 5000';
const CHOICE = 'offline by choice since 900 | look, wait 20000';
const AGAIN = 'reconnecting | probe 5000, reloadFeeds';

// Every state x event pair. Rows: events; columns in the order of STATES.
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'signed in, feeds fine': ['online', 'online', 'online', 'online', 'offline timeout since 100 back signed-in | wait 30000', '=', 'online'],
  'signed in, a feed failed': [
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'offline timeout since 100 back signed-in | wait 30000',
    '=',
    'degraded',
  ],
  'signed in, not busy': ['online', 'online', 'online', 'online', AGAIN, '=', 'online'],
  'sign-in needed': [
    'signing-in | goSignIn',
    '=',
    'signing-in',
    'signing-in',
    'offline timeout since 100 back sign-in | wait 30000',
    '=',
    'signing-in | goSignIn',
  ],
  outage: [
    LOST,
    LOST,
    LOST,
    LOST,
    'offline server-error since 100 | wait 10000',
    'offline by choice since 100',
    'offline server-error since 100 tried server-error | wait 5000',
  ],
  deadline: [
    'offline timeout since 900 | wait 5000',
    '=',
    '=',
    '=',
    'offline timeout since 100 | wait 10000',
    '=',
    'offline timeout since 100 tried timeout | wait 5000',
  ],
  'work offline': [CHOICE, CHOICE, CHOICE, CHOICE, CHOICE, '=', CHOICE],
  'feeds fine': ['=', '=', 'online', 'online', '=', '=', '='],
  'a feed failed': ['=', '=', 'degraded', 'degraded', '=', '=', '='],
  reconnect: ['=', '=', '=', AGAIN, AGAIN, AGAIN, '='],
  due: ['=', '=', '=', '=', 'offline timeout since 100 | probe 1500', 'offline by choice since 100 | look, wait 20000', '='],
  back: ['=', '=', '=', 'degraded | reloadFeeds', 'offline timeout since 100 | probe 1500', '=', '='],
  'signed out': ['signing-in', '=', 'signing-in', 'signing-in', '=', '=', 'signing-in'],
};

describe('the portal, every state and event', () => {
  for (const [eventName, event] of Object.entries(EVENTS)) {
    Object.entries(STATES).forEach(([stateName, state], column) => {
      test(`${stateName} + ${eventName}`, () => assert.equal(told(state, event), TABLE[eventName]?.[column]));
    });
  }
});

/** A story: events by name, and how the portal stands after each. */
const STORIES: Readonly<Record<string, readonly (readonly [keyof typeof EVENTS, string])[]>> = {
  'an outage while at work, and back by the button': [
    ['signed in, feeds fine', 'online'],
    ['a feed failed', 'degraded'],
    ['outage', 'offline'],
    ['due', 'offline'],
    ['outage', 'offline'],
    ['signed in, feeds fine', 'offline'],
    ['reconnect', 'reconnecting'],
    ['signed in, feeds fine', 'online'],
  ],
  'recovery is noticed and used at once when nobody is at work': [
    ['deadline', 'offline'],
    ['back', 'offline'],
    ['signed in, not busy', 'reconnecting'],
    ['signed in, not busy', 'online'],
  ],
  'chosen offline stays, whatever answers': [
    ['sign-in needed', 'signing-in'],
    ['work offline', 'offline'],
    ['signed in, not busy', 'offline'],
    ['back', 'offline'],
    ['due', 'offline'],
    ['outage', 'offline'],
    ['reconnect', 'reconnecting'],
    ['sign-in needed', 'signing-in'],
  ],
};
for (const [name, story] of Object.entries(STORIES)) {
  test(name, () => {
    let { state } = startPortal('normal', 0, 0, S);
    for (const [event, stands] of story) {
      const happened = EVENTS[event];
      assert.ok(happened !== undefined);
      state = nextPortal(state, happened, S).state;
      assert.equal(state.is, stands, `after "${event}"`);
    }
  });
}

test('a start that comes back from the sign-in without a session, or from a sign-out, waits for the button, every other goes there by itself', () => {
  const needed: PortalEvent = { type: 'signInNeeded', at: 900 };
  const does = (begin: 'normal' | 'from-sign-in' | 'from-sign-out') =>
    nextPortal(startPortal(begin, 100, 0, S).state, needed, S).effects.map((effect) => effect.do);
  assert.deepEqual(does('normal'), ['rest', 'stopProbe', 'goSignIn']);
  assert.deepEqual(does('from-sign-in'), ['rest', 'stopProbe']);
  assert.deepEqual(does('from-sign-out'), ['rest', 'stopProbe']);
});

describe('the deadline of the start', () => {
  const deadlineAfter = (waitedMs: number) => {
    const [effect] = startPortal('normal', 100, waitedMs, S).effects;
    assert.ok(effect?.do === 'probe');
    return effect.deadlineMs;
  };
  test('counts from the navigation, and leaves the time to say it', () => {
    for (const waited of [0, 120, 400]) assert.equal(waited + deadlineAfter(waited) + S.sayingMs, 1_500);
  });
  test('leaves the Workspace its time when the page was late itself', () => {
    for (const waited of [401, 880, 1_450, 20_000]) assert.equal(deadlineAfter(waited), 1_050);
  });
  test('leaves the last ask of the slowest way that is promised (300 a round trip) a new connection and the answer', () => {
    const lastAsk = (S.asks - 1) * S.askEveryMs;
    assert.ok(S.asks >= 3 && S.leastStartMs - lastAsk >= 2 * 300);
  });
});

test('B-W7e starting by choice asks nobody but the extension, which looks every 20 s', () => {
  assert.deepEqual(startPortal('by-choice', 7, 0, S), {
    state: { is: 'offline', why: { by: 'choice', outage: false }, since: 7, back: 'no', tried: undefined, retryAt: undefined, attempt: 0 },
    effects: [{ do: 'stopProbe' }, { do: 'look' }, { do: 'wait', until: 20_007 }],
  });
  const { state } = startPortal('by-choice', 7, 0, S);
  assert.deepEqual(nextPortal(state, { type: 'due', at: 20_007 }, S).effects, [{ do: 'look' }, { do: 'wait', until: 40_007 }]);
});

test('B-W7e who works offline by choice is told of the end of an outage, and only of an outage', () => {
  const { outage, back, due } = EVENTS;
  assert.ok(outage !== undefined && back !== undefined && due !== undefined);
  const after = (...events: PortalEvent[]) => {
    let { state } = startPortal('by-choice', 0, 0, S);
    for (const event of events) ({ state } = nextPortal(state, event, S));
    assert.ok(state.is === 'offline' && state.why.by === 'choice');
    return state.back;
  };
  assert.equal(after(back), 'no', 'nothing was amiss');
  assert.equal(after(outage, due, back), 'answers');
  assert.equal(after(outage, back, outage), 'no', 'it went again');
  const chosen = Object.entries(STATES).map(([name, state]) => {
    const next = nextPortal(state, { type: 'workOffline', at: 900 }, S).state;
    return [name, next.is === 'offline' && next.why.by === 'choice' && next.why.outage] as const;
  });
  assert.deepEqual(
    chosen.filter(([, inOutage]) => inOutage).map(([name]) => name),
    ['offline, outage'],
  );
});

const anyEvent = fc.constantFrom(...Object.values(EVENTS));

test('B-W7e offline by choice ends only by the person', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let { state } = startPortal('by-choice', 0, 0, S);
      for (const event of events) {
        const next = nextPortal(state, event, S).state;
        const wasChosen = state.is === 'offline' && state.why.by === 'choice';
        if (wasChosen && !(next.is === 'offline' && next.why.by === 'choice')) assert.equal(event.type, 'reconnect');
        state = next;
      }
    }),
  );
});

test('no state waits without a deadline', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let { state, effects } = startPortal('normal', 0, 0, S);
      const pending = new Set<'deadline' | 'due'>();
      const run = (): void => {
        for (const effect of effects) {
          if (effect.do === 'rest') pending.delete('due');
          if (effect.do === 'stopProbe') pending.delete('deadline');
          if (effect.do === 'probe') pending.add('deadline');
          if (effect.do === 'wait') pending.add('due');
        }
      };
      run();
      for (const event of events) {
        // a timer's event comes only from a timer that runs, and uses it up
        if ((event.type === 'deadline' || event.type === 'due') && !pending.delete(event.type)) continue;
        ({ state, effects } = nextPortal(state, event, S));
        run();
        const waits = state.is === 'starting' || state.is === 'reconnecting' || (state.is === 'offline' && state.why.by === 'outage');
        if (waits) assert.ok(pending.size > 0, `${state.is} after ${event.type}`);
      }
    }),
  );
});

test('only a pressed Reconnect, or nobody at work, leaves an outage', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      let { state } = startPortal('normal', 0, 0, S);
      for (const event of events) {
        const next = nextPortal(state, event, S).state;
        if (state.is === 'offline' && next.is !== 'offline') {
          assert.equal(next.is, 'reconnecting');
          assert.ok(event.type === 'reconnect' || (event.type === 'signedIn' && !event.busy));
        }
        state = next;
      }
    }),
  );
});

test('a feed counts as failed only with a cause', () => {
  const copy = { v: 1, feed: 'web', name: 'Web', subject: 'mara-keller-1', asOf: 1, resources: [] } as const;
  const kept = { ...copy, resources: [] };
  const awaited: FeedState = { is: 'cached', copy: kept, cause: undefined, attempt: 0 };
  const failed: FeedState = { is: 'cached', copy: kept, cause: 'timeout', attempt: 1 };
  assert.equal(summarize([awaited, { is: 'loading', shown: undefined, attempt: 0 }, { is: 'live', document: kept }]), 'fine');
  assert.equal(summarize([awaited, failed]), 'failed');
  assert.equal(summarize([{ is: 'unavailable', cause: 'network', attempt: 1 }]), 'failed');
});
