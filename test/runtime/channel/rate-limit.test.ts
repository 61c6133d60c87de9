import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateLimiter, sourceKey } from '../../../runtime/channel/rate-limit.ts';

const LIMITS = { perSecond: 10, burst: 3, pendingPerSource: 2, pendingTotal: 4 };
const started = () => {
  const clock = { ms: 0 };
  return { clock, door: rateLimiter(LIMITS, () => clock.ms) };
};

test('B-G4 a source has a burst, then as many a second as allowed', () => {
  const { clock, door } = started();
  const come = () => {
    const settled = door.admit('192.0.2.1');
    settled?.();
    return settled !== undefined;
  };
  assert.deepEqual([come(), come(), come(), come()], [true, true, true, false]);
  clock.ms += 100;
  assert.deepEqual([come(), come()], [true, false]);
});

test('B-G4 unfinished connections of one source are capped, and do not lock out another', () => {
  const { door } = started();
  const first = door.admit('192.0.2.1');
  assert.ok(first);
  assert.ok(door.admit('192.0.2.1'));
  assert.equal(door.admit('192.0.2.1'), undefined);
  assert.ok(door.admit('192.0.2.2'));
  first();
  first();
  assert.ok(door.admit('192.0.2.1'));
  assert.equal(door.admit('192.0.2.1'), undefined);
});

test('B-G4 there is a cap over all sources together', () => {
  const { door } = started();
  for (const n of [1, 2, 3, 4]) assert.ok(door.admit(`192.0.2.${n}`));
  assert.equal(door.admit('192.0.2.5'), undefined);
});

test('an IPv6 customer counts as one source, a mapped IPv4 address as itself', () => {
  assert.equal(sourceKey('2001:db8:1:2:aaaa::1'), sourceKey('2001:db8:1:2:bbbb::9'));
  assert.notEqual(sourceKey('2001:db8:1:2::1'), sourceKey('2001:db8:1:3::1'));
  assert.equal(sourceKey('::ffff:192.0.2.1'), '192.0.2.1');
});
