import assert from 'node:assert/strict';
import test from 'node:test';
import type { RevocationPolicy } from '#protocol/lease';
import { judgeLease } from '../../../core/lease/judge-lease.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, NOW, newDevice, newWorld } from '../../vectors/world.ts';

const world = newWorld();
const device = newDevice();
/** As a gateway or a connector judges it, whose list is of `iat`; undefined: it has none. */
function judged(revocation: RevocationPolicy, iat: number | undefined) {
  const { list, ...without } = world.trustWith([], iat);
  const files = world.shownFiles(device, world.leaseFor(device, { revocation }).files);
  const trust = iat === undefined ? without : { ...without, ...(list !== undefined && { list }) };
  const verdict = judgeLease(nodeCrypto, trust, { files, jkt: device.jkt, location: 'zurich' }, NOW);
  return verdict.ok ? 'good' : verdict.why;
}
const STRICT: RevocationPolicy = { mode: 'strict', maxStaleSeconds: 7 * DAY };
const BEST_EFFORT: RevocationPolicy = { mode: 'best-effort', maxStaleSeconds: 2 * DAY };

test('B-G5b a strict lease wants a list of the last 5 minutes, any other one as old as it says itself', () => {
  assert.deepEqual([judged(STRICT, NOW - 300), judged(STRICT, NOW - 301)], ['good', 3020]);
  assert.deepEqual([judged(BEST_EFFORT, NOW - 2 * DAY), judged(BEST_EFFORT, NOW - 2 * DAY - 1)], ['good', 3020]);
});

test('B-G5c who has no list denies every lease', () => {
  for (const policy of [STRICT, BEST_EFFORT]) assert.equal(judged(policy, undefined), 3020);
});
