import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  nextRace,
  RACE_SETTINGS,
  type RaceEffect,
  type RaceEvent,
  type RaceState,
  startRace,
  type Way,
} from '../../../core/placement/race.ts';

const connector = (location: string): Way => ({ route: 'direct', location });
const gateway = (location: string): Way => ({ route: 'gateway', location });
const gateways = (count: number) => Array.from({ length: count }, () => gateway('zurich'));
/** A lease of two locations, each with two connectors and two gateways in front of it: 0 to 3 and 4 to 7. */
const TWO_LOCATIONS = ['zurich', 'bern'].flatMap((location) => [
  connector(location),
  connector(location),
  gateway(location),
  gateway(location),
]);

/** Plays events one after the other; each line: `time event` -> effects, written short. */
function play(candidates: readonly Way[], credential: 'lease' | 'ticket', events: readonly (readonly [at: number, event: RaceEvent])[]) {
  const first = startRace(candidates, credential, 0, RACE_SETTINGS);
  let state = first.state;
  const lines = [short(first.effects)];
  for (const [at, event] of events) {
    const step = nextRace(state, event, at, RACE_SETTINGS);
    state = step.state;
    lines.push(short(step.effects));
  }
  return { lines, state };
}
function short(effects: readonly RaceEffect[]): string {
  return effects
    .map((effect) => {
      if (effect.do === 'wait') return `wait ${effect.until}`;
      return effect.do === 'end' ? `end ${JSON.stringify(effect.outcome)}` : `${effect.do} ${effect.candidate}`;
    })
    .join(', ');
}
const tick: RaceEvent = { type: 'tick' };
const hello = (candidate: number): RaceEvent => ({ type: 'hello', candidate });
const failed = (candidate: number): RaceEvent => ({ type: 'failed', candidate });
const granted = (candidate: number): RaceEvent => ({ type: 'granted', candidate });
const refused = (candidate: number, retryable: boolean): RaceEvent => ({
  type: 'refused',
  candidate,
  code: retryable ? 3021 : 3022,
  retryable,
});

test('B-N6 candidates are raced with a staggered start, and the first hello calls the others off', () => {
  const { lines } = play(gateways(3), 'lease', [
    [200, tick],
    [250, hello(1)],
    [260, hello(0)],
    [300, granted(1)],
  ]);
  assert.deepEqual(lines, ['start 0, wait 200', 'start 1, wait 400', 'cancel 0, present 1, wait 5250', '', 'end {"as":"won","by":1}']);
});

test('B-N6 the connectors of a location begin side by side, a gateway soon after them, then one gateway at a time', () => {
  const { lines } = play(TWO_LOCATIONS, 'lease', [
    [100, tick],
    [300, tick],
    [500, tick],
  ]);
  assert.deepEqual(lines, ['start 0, start 1, wait 100', 'start 2, wait 300', 'start 3, wait 500', 'start 4, start 5, wait 600']);
});

test('of many connectors four begin at once', () => {
  const { lines } = play(
    Array.from({ length: 6 }, () => connector('zurich')),
    'lease',
    [[100, tick]],
  );
  assert.deepEqual(lines, ['start 0, start 1, start 2, start 3, wait 100', 'start 4, start 5, wait 5000']);
});

test('one of two connectors fails: the other has the rest of their turn', () => {
  const { lines } = play(TWO_LOCATIONS, 'lease', [
    [10, failed(0)],
    [20, failed(1)],
  ]);
  assert.deepEqual(lines.slice(1), ['wait 100', 'start 2, wait 220']);
});

test('B-N6, B-R8 connectors frozen: what a gateway refuses for the first site goes to the other site next', () => {
  const { lines } = play(TWO_LOCATIONS, 'lease', [
    [100, tick],
    [105, hello(2)],
    [205, refused(2, true)],
    [210, hello(5)],
    [215, granted(5)],
  ]);
  assert.deepEqual(lines.slice(1), [
    'start 2, wait 300',
    'cancel 0, cancel 1, present 2, wait 5105',
    'start 4, start 5, wait 305',
    'cancel 4, present 5, wait 5210',
    'end {"as":"won","by":5}',
  ]);
});

test('a location that refused is asked again by its other ways when no other location is left', () => {
  const { lines } = play([connector('zurich'), gateway('zurich'), connector('bern')], 'lease', [
    [5, hello(0)],
    [10, refused(0, true)],
    [15, hello(2)],
    [20, refused(2, true)],
    [25, hello(1)],
    [30, granted(1)],
  ]);
  assert.deepEqual(lines.slice(2), [
    'start 2, wait 110',
    'present 2, wait 5015',
    'start 1, wait 5020',
    'present 1, wait 5025',
    'end {"as":"won","by":1}',
  ]);
});

test('a candidate that fails gives its turn to the next at once', () => {
  const { lines } = play(gateways(2), 'lease', [[10, failed(0)]]);
  assert.deepEqual(lines, ['start 0, wait 200', 'start 1, wait 5010']);
});

test('nobody answers: 3023', () => {
  const { lines } = play(gateways(2), 'lease', [
    [10, failed(0)],
    [20, failed(1)],
  ]);
  assert.equal(lines.at(-1), 'end {"as":"unanswered","code":3023}');
});

test('B-G1 somebody answered, and nobody who did could be trusted: 3009', () => {
  const untrusted: RaceEvent = { type: 'untrusted', candidate: 0 };
  const { lines } = play(gateways(2), 'lease', [
    [10, untrusted],
    [20, failed(1)],
  ]);
  assert.equal(lines.at(-1), 'end {"as":"unanswered","code":3009}');
});

test('without candidates the race is over at once', () => {
  assert.deepEqual(play([], 'lease', []).lines, ['end {"as":"unanswered","code":3023}']);
});

test('a candidate that never says hello is given up after its 5 s', () => {
  const { lines } = play(gateways(1), 'lease', [[5_000, tick]]);
  assert.deepEqual(lines.slice(1), ['cancel 0, end {"as":"unanswered","code":3023}']);
});

test('after a retryable refusal those that were called off have their turn again', () => {
  const { lines } = play(gateways(2), 'lease', [
    [200, tick],
    [210, hello(0)],
    [220, refused(0, true)],
    [230, hello(1)],
    [240, granted(1)],
  ]);
  assert.deepEqual(lines.slice(2), [
    'cancel 1, present 0, wait 5210',
    'start 1, wait 5220',
    'present 1, wait 5230',
    'end {"as":"won","by":1}',
  ]);
});

test('after a retryable refusal those that were never tried come before those that were called off', () => {
  const { lines } = play(gateways(3), 'lease', [
    [200, tick],
    [210, hello(1)],
    [220, refused(1, true)],
    [230, hello(2)],
    [240, granted(2)],
  ]);
  assert.deepEqual(lines.slice(2), [
    'cancel 0, present 1, wait 5210',
    'start 2, wait 420',
    'present 2, wait 5230',
    'end {"as":"won","by":2}',
  ]);
});

test('a refusal for good ends the race: no other site is asked', () => {
  const { lines } = play(gateways(2), 'lease', [
    [10, hello(0)],
    [20, refused(0, false)],
  ]);
  assert.equal(lines.at(-1), 'end {"as":"refused","by":0,"code":3022,"retryable":false}');
});

test('B-N6 every way is asked before a retryable refusal ends the race', () => {
  const events = [0, 1, 2, 3, 4].flatMap((n): [number, RaceEvent][] => [
    [n * 10 + 1, hello(n)],
    [n * 10 + 2, refused(n, true)],
  ]);
  assert.equal(play(gateways(5), 'lease', events).lines.at(-1), 'end {"as":"refused","by":4,"code":3021,"retryable":true}');
});

test('B-L8 a ticket is shown once: a refusal or silence after it ends the race', () => {
  const shown: [number, RaceEvent] = [10, hello(0)];
  assert.equal(
    play(gateways(2), 'ticket', [shown, [20, refused(0, true)]]).lines.at(-1),
    'end {"as":"refused","by":0,"code":3021,"retryable":true}',
  );
  assert.equal(play(gateways(2), 'ticket', [shown, [20, failed(0)]]).lines.at(-1), 'end {"as":"unanswered","code":3023}');
  assert.equal(play(gateways(2), 'ticket', [shown, [5_010, tick]]).lines.at(-1), 'cancel 0, end {"as":"unanswered","code":3023}');
});

test('a lease whose winner falls silent is shown to the next', () => {
  const { lines } = play(gateways(2), 'lease', [
    [10, hello(0)],
    [5_010, tick],
  ]);
  assert.equal(lines.at(-1), 'cancel 0, start 1, wait 10010');
});

test('the race as a whole ends after 20 s', () => {
  const { lines } = play(gateways(1), 'lease', [[20_000, tick]]);
  assert.equal(lines.at(-1), 'cancel 0, end {"as":"unanswered","code":3023}');
});

test('whatever happens in whatever order: at most one is presented to at a time, a ticket once, one end, nothing left running', () => {
  const event = fc.oneof(
    fc.constant(tick),
    fc.record({ type: fc.constantFrom('hello' as const, 'failed' as const, 'granted' as const), candidate: fc.nat(4) }),
    fc.record({
      type: fc.constant('refused' as const),
      candidate: fc.nat(4),
      code: fc.constantFrom(3021 as const, 3022 as const),
      retryable: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ route: fc.constantFrom('direct' as const, 'gateway' as const), location: fc.constantFrom('a', 'b') }), {
        maxLength: 5,
      }),
      fc.constantFrom('lease' as const, 'ticket' as const),
      fc.array(fc.tuple(fc.nat(3_000), event), { maxLength: 40 }),
      (ways, credential, happenings) => {
        const running = new Set<number>();
        let presented: number | undefined;
        let shows = 0;
        let ends = 0;
        const note = (effects: readonly RaceEffect[]) => {
          for (const effect of effects) {
            if (effect.do === 'start') {
              assert.ok(!running.has(effect.candidate));
              running.add(effect.candidate);
            } else if (effect.do === 'cancel') running.delete(effect.candidate);
            else if (effect.do === 'present') {
              assert.ok(presented === undefined || !running.has(presented));
              assert.deepEqual([...running], [effect.candidate]);
              presented = effect.candidate;
              shows += 1;
            } else if (effect.do === 'end') ends += 1;
          }
        };
        const first = startRace(ways, credential, 0, RACE_SETTINGS);
        let state: RaceState = first.state;
        note(first.effects);
        let at = 0;
        for (const [pause, each] of happenings) {
          at += pause;
          const before = state;
          const step = nextRace(state, each, at, RACE_SETTINGS);
          state = step.state;
          // A lane that has answered or failed by itself no longer runs.
          if ((each.type === 'failed' || each.type === 'refused') && state !== before) running.delete(each.candidate);
          note(step.effects);
        }
        for (let left = 60; state.outcome === undefined && left > 0; left--) {
          at += 1_000;
          const step = nextRace(state, tick, at, RACE_SETTINGS);
          state = step.state;
          note(step.effects);
        }
        assert.equal(ends, 1);
        assert.ok(credential === 'lease' || shows <= 1);
        if (state.outcome?.as === 'won') running.delete(state.outcome.by);
        assert.equal(running.size, 0);
      },
    ),
    { numRuns: 300 },
  );
});
