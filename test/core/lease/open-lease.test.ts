import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP, type Typ } from '#protocol/jose';
import type { LeaseFiles } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import { type LocationKeyRing, openLease } from '../../../core/lease/open-lease.ts';
import { nodeCrypto, thumbprint } from '../../../runtime/jose/primitives.ts';
import { newP256, publicHalf } from '../../../runtime/jose/sign.ts';
import { seal } from '../../seal.ts';
import { DAY, MARA, NOW, newDevice, newWorld } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const device = newDevice();
const built = world.leaseFor(device);
const good = world.shownFiles(device, built.files);
const metadata = JSON.parse(Buffer.from(good.metadata.split('.')[1] ?? '', 'base64url').toString());
const [place] = world.leasable.locations;
assert.ok(place);
const { groups: _, ...withoutGroups } = MARA;
const span = { iat: NOW, exp: NOW + 7 * DAY };
const reader = publicHalf(world.locationKey('zurich'));
const sealedBy = (by: typeof world.issuer, typ: Typ, claims: object) =>
  JSON.stringify({ [thumbprint(reader)]: seal(by.sign(typ, claims), reader) });
const common = (change: object = {}, by = world.issuer) =>
  sealedBy(by, TYP.common, { user: MARA, cnf: { jkt: device.jkt }, deliveryGroup: 'office', entitledBy: 'Finance', ...span, ...change });
const details = (change: object = {}) =>
  sealedBy(world.issuer, TYP.location, { location: 'zurich', hostPool: 'office', ...span, ...change });

interface Shown {
  readonly files?: Partial<LeaseFiles>;
  readonly keys?: LocationKeyRing;
  readonly blocked?: Revocation['target'];
  readonly until?: number;
}
const judged = ({ files, keys = world.keyRing('zurich'), blocked, until = NOW + DAY }: Shown) => {
  const entries = blocked === undefined ? [] : [{ target: blocked, from: NOW - 60, until, forget: NOW + 31 * DAY }];
  const shown = { files: { ...good, ...files }, jkt: device.jkt, location: 'zurich' };
  return openLease(nodeCrypto, world.trustWith(entries), keys, shown, { metadata, location: place }, NOW);
};

const CASES: readonly (readonly [what: string, shown: Shown, outcome: string])[] = [
  ['as it was made', {}, 'good'],
  ['made anew, part by part', { files: { common: common(), location: details() } }, 'good'],
  ['for which this location has no key', { keys: {} }, '3004 not-for-location'],
  ['sealed to another location', { keys: world.keyRing('bern') }, '3007 files-mixed'],
  ['of another person', { files: { common: common({ user: { ...MARA, subject: 'john-0123456789' } }) } }, '3007 files-mixed'],
  ['of another device', { files: { common: common({ cnf: { jkt: newDevice().jkt } }) } }, '3007 files-mixed'],
  ['with the part of another location', { files: { location: details({ location: 'bern' }) } }, '3007 files-mixed'],
  ['whose common file is no file', { files: { common: 'hello' } }, '3007 files-mixed'],
  ['whose location file has no parts', { files: { location: '{}' } }, '3004 not-for-location'],
  ['whose common file is longer than any', { files: { common: common().padEnd(LIMITS.tokenBytes + 1) } }, '3007 files-mixed'],
  ['whose common file is as long as may be', { files: { common: common().padEnd(LIMITS.tokenBytes) } }, 'good'],
  ['whose common file is the location file', { files: { common: details() } }, '3007 token'],
  ['whose common file somebody else signed', { files: { common: common({}, world.revoker) } }, '3007 token'],
  ['of a blocked person', { blocked: { kind: 'user', subject: MARA.subject } }, '3022 blocked'],
  ['made after the end of that', { blocked: { kind: 'user', subject: MARA.subject }, until: NOW }, 'good'],
  ['of a blocked group', { blocked: { kind: 'group', group: 'Finance' } }, '3022 blocked'],
  ['of a person in no blocked group', { blocked: { kind: 'group', group: 'Sales' } }, 'good'],
  ['of a blocked device', { blocked: { kind: 'device', jkt: device.jkt } }, '3022 blocked'],
  ['that is blocked itself', { blocked: { kind: 'lease', lease: built.lease } }, '3022 blocked'],
  [
    'of a person whose groups nobody knows',
    { files: { common: common({ user: withoutGroups }) }, blocked: { kind: 'group', group: 'Sales' } },
    '3022 blocked',
  ],
];
for (const [what, shown, outcome] of CASES) {
  test(`a lease ${what}: ${outcome}`, () => assert.equal(outcomeOf(judged(shown)), outcome));
}

test('a part that was sealed to a key that this location does not have is passed over', () => {
  const other = publicHalf(newP256());
  const both = { [thumbprint(other)]: seal('a.b.c', other), ...JSON.parse(common()) };
  assert.equal(outcomeOf(judged({ files: { common: JSON.stringify(both) } })), 'good');
});
