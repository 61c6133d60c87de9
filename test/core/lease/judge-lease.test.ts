import assert from 'node:assert/strict';
import test from 'node:test';
import type { RevocationPolicy } from '#protocol/lease';
import type { Revocation } from '#protocol/trust';
import { judgeLease } from '../../../core/lease/judge-lease.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, MARA, NOW, newDevice, newWorld } from '../../vectors/world.ts';

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

const BLOCKED: Revocation['target'][] = [
  { kind: 'user', subject: MARA.subject },
  { kind: 'device', jkt: device.jkt },
];
/** Of a lease made at `iat`, while a block of this target was made at NOW for a day. */
function judgedBlocked(target: (lease: string) => Revocation['target'], iat: number, now: number) {
  const { lease, files } = world.leaseFor(device, {}, iat);
  const block = { target: target(lease), from: NOW, until: NOW + DAY, forget: NOW + 31 * DAY };
  const shown = { files: world.shownFiles(device, files), jkt: device.jkt, location: 'zurich' };
  const verdict = judgeLease(nodeCrypto, world.trustWith([block], now), shown, now);
  return verdict.ok ? 'good' : verdict.why;
}

test('B-L5c a lease of before the end of a block is refused for good, one made after it is not', () => {
  for (const target of BLOCKED) {
    const at = (iat: number, now: number) => judgedBlocked(() => target, iat, now);
    assert.deepEqual([at(NOW - DAY, NOW), at(NOW - DAY, NOW + 2 * DAY), at(NOW + DAY - 1, NOW + 2 * DAY)], [3022, 3022, 3022], target.kind);
    assert.equal(at(NOW + DAY, NOW + 2 * DAY), 'good', target.kind);
  }
});

test('B-L7d a block of a device, or of one lease, refuses just that', () => {
  const other = newDevice();
  const at = (target: (lease: string) => Revocation['target']) => judgedBlocked(target, NOW - DAY, NOW);
  assert.equal(
    at(() => ({ kind: 'device', jkt: device.jkt })),
    3022,
  );
  assert.equal(
    at(() => ({ kind: 'device', jkt: other.jkt })),
    'good',
  );
  assert.equal(
    at((lease) => ({ kind: 'lease', lease })),
    3022,
  );
  assert.equal(
    at(() => ({ kind: 'lease', lease: 'b'.repeat(22) })),
    'good',
  );
});

test('B-G5c who has no list denies every lease', () => {
  for (const policy of [STRICT, BEST_EFFORT]) assert.equal(judged(policy, undefined), 3020);
});
