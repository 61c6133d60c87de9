import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { filtersOf, nothingShown, tilesIn } from '../../../pwa/view/first-screen.ts';
import { stateWith } from '../app-state.ts';

test('"Opens now" is offered where it makes a difference, or is chosen', () => {
  const names = (portal: Parameters<typeof stateWith>[0], filter: 'all' | 'now' = 'all') =>
    filtersOf(stateWith(portal, { filter })).map(([name]) => name);
  const without = ['all', 'app', 'desktop', 'web'];
  const all = ['all', 'now', 'app', 'desktop', 'web'];
  assert.deepEqual(names({ is: 'online' }), without);
  assert.deepEqual(names({ is: 'online' }, 'now'), all);
  assert.deepEqual(names({ is: 'reconnecting', from: 'offline', since: 1 }), all);
  const why = { by: 'outage', cause: 'timeout' } as const;
  assert.deepEqual(names({ is: 'offline', why, since: 1, back: 'no', tried: undefined, retryAt: undefined, attempt: 0 }), all);
});

test('an empty list says why: no match, on its way, or nothing published', () => {
  const state = stateWith({ is: 'online' });
  assert.match(nothingShown(state, itemsOf(state)), /^No match/u);
  assert.equal(nothingShown(state, []), 'Nothing is published to you.');
  const loading = { is: 'loading', shown: undefined, attempt: 0 } as const;
  const [first] = state.feeds;
  assert.ok(first !== undefined);
  assert.equal(nothingShown({ feeds: new Map([first, ['web', loading]]) }, []), 'Your list is on its way.');
});

describe('the first paint has as many tiles as the window shows, rounded up', () => {
  for (const [width, height, tiles] of [
    [1_280, 860, 27],
    [1_280, 200 + 78 * 9, 27],
    [1_280, 200 + 78 * 9 + 1, 30],
    [3_000, 860, 27],
    [616, 860, 18],
    [615, 860, 9],
    [200, 860, 9],
    [1_280, 100, 3],
  ] as const) {
    test(`${width} x ${height}: ${tiles}`, () => assert.equal(tilesIn(width, height), tiles));
  }
});
