import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimiter } from '../../../runtime/channel/rate-limit.ts';

const LIMITS = { perSecond: 10, burst: 3, pendingPerSource: 2, pendingTotal: 4 };
const uncut = () => assert.fail('none has to make room');
const started = () => {
  const clock = { ms: 0 };
  return { clock, door: rateLimiter(LIMITS, () => clock.ms) };
};

test('a source has a burst, then as many a second as allowed', () => {
  const { clock, door } = started();
  const come = () => {
    const settled = door.admit('192.0.2.1', uncut);
    settled?.();
    return settled !== undefined;
  };
  assert.deepEqual([come(), come(), come(), come()], [true, true, true, false]);
  clock.ms += 100;
  assert.deepEqual([come(), come()], [true, false]);
});

test('B-S1a of one source’s unfinished connections the oldest makes room: a flood pays for itself, and its neighbours get in', () => {
  const { door } = started();
  const cut: string[] = [];
  const come = (name: string, source = '192.0.2.1') => door.admit(source, () => void cut.push(name));
  const first = come('first');
  assert.ok(first && come('second') && come('elsewhere', '192.0.2.2'));
  assert.ok(come('third'));
  assert.deepEqual(cut, ['first']);
  // It left by being cut: that its connection now closes changes nothing.
  first();
  assert.equal(door.admit('192.0.2.1', uncut), undefined, 'its burst is used up');
});

test('B-S1a many sources that fill the whole do not lock another out', () => {
  const { door } = started();
  const cut: number[] = [];
  for (const n of [1, 2, 3, 4]) assert.ok(door.admit(`192.0.2.${n}`, () => void cut.push(n)));
  assert.ok(door.admit('192.0.2.5', uncut));
  assert.deepEqual(cut, [1]);
});
