import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { TYP } from '#protocol/jose';
import type { LeaseFiles, LeaseMetadata, RevocationPolicy } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import { judgeLease, judgeWholeLease } from '../../../core/lease/judge-lease.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, MARA, NOW, newDevice, newWorld } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

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

const good = world.shownFiles(device, world.leaseFor(device).files);
const claims: LeaseMetadata = JSON.parse(Buffer.from(good.metadata.split('.')[1] ?? '', 'base64url').toString());
/** The same lease with other claims, signed by the issuer. */
const resigned = (change: Partial<LeaseMetadata>): LeaseFiles => ({
  ...good,
  metadata: world.issuer.sign(TYP.metadata, { ...claims, ...change }),
});
const elder = world.shownFiles(device, world.leaseFor(device, {}, NOW - DAY).files);
const SKEW = TIMES.leaseSkewSeconds;

describe('a lease that is shown', () => {
  const CASES: readonly (readonly [
    what: string,
    shown: { readonly files?: LeaseFiles; readonly jkt?: string; readonly location?: string; readonly now?: number },
    outcome: string,
  ])[] = [
    ['as it was made', {}, 'good'],
    ['at its second location', { location: 'bern' }, 'good'],
    ['at a location that it does not name', { location: 'geneva' }, '3021 not-in-lease'],
    ['without a location', { files: resigned({ locations: [] }) }, '3003'],
    ['to another tenant', { files: resigned({ tenant: 'fabrikam' }) }, '3007 other-tenant'],
    ['dated ahead by the skew of two clocks', { files: resigned({ iat: NOW + SKEW }) }, 'good'],
    ['dated a second further ahead', { files: resigned({ iat: NOW + SKEW + 1 }) }, '3007 dated-ahead'],
    ['that is good for thirty days', { files: resigned({ exp: NOW + 30 * DAY }) }, 'good'],
    ['that is good for a second longer', { files: resigned({ exp: NOW + 30 * DAY + 1 }) }, '3007 too-long'],
    ['in its last second, with the skew of two clocks', { files: resigned({ iat: NOW - 2 * DAY, exp: NOW - SKEW }) }, 'good'],
    ['a second later', { files: resigned({ iat: NOW - 2 * DAY, exp: NOW - SKEW - 1 }) }, '3006'],
    ['by another device', { jkt: newDevice().jkt }, '3020 other-device'],
    ['with a common file of another generation', { files: { ...good, common: elder.common } }, '3007 files-mixed'],
    ['with a location file of another generation', { files: { ...good, location: elder.location } }, '3007 files-mixed'],
    ['that is a ticket', { files: { ...good, metadata: world.issuer.sign(TYP.ticket, claims) } }, '3007 token'],
    ['that somebody else signed', { files: { ...good, metadata: world.revoker.sign(TYP.metadata, claims) } }, '3007 not-signed'],
  ];
  for (const [what, { files = good, jkt = device.jkt, location = 'zurich', now = NOW }, outcome] of CASES) {
    test(`${what}: ${outcome}`, () => {
      assert.equal(outcomeOf(judgeLease(nodeCrypto, world.trustWith(), { files, jkt, location }, now)), outcome);
    });
  }

  test('leads to the location that its device wants', () => {
    const verdict = judgeLease(nodeCrypto, world.trustWith(), { files: good, jkt: device.jkt, location: 'bern' }, NOW);
    assert.ok(verdict.ok);
    assert.deepEqual(verdict.value, { metadata: claims, location: world.leasable.locations[1] });
  });

  test('may be asked about as a whole, by its device only', () => {
    const whole = (files: LeaseFiles, jkt = device.jkt) => outcomeOf(judgeWholeLease(nodeCrypto, world.trustWith(), { files, jkt }, NOW));
    assert.equal(whole(good), 'good');
    assert.equal(whole(good, newDevice().jkt), '3020 other-device');
    assert.equal(whole(resigned({ locations: [] })), '3003');
  });
});

test('a list that is missing or too old is the judge’s trouble: another judge, or this one later, may decide otherwise', () => {
  const shown = { files: good, jkt: device.jkt, location: 'zurich' };
  const { list: _, ...listless } = world.trustWith();
  assert.deepEqual(judgeLease(nodeCrypto, listless, shown, NOW), { ok: false, why: 3020, more: { reason: 'no-list' }, passing: true });
  const stale = judgeLease(nodeCrypto, world.trustWith([], NOW - 8 * DAY), shown, NOW);
  assert.deepEqual(stale, { ok: false, why: 3020, more: { reason: 'list-stale', age: 8 * DAY }, passing: true });
});
