import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeaseFiles } from '#protocol/lease';
import { judgeHeldLease, type Owner } from '../../../core/lease/judge-held.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, MARA, NOW, newDevice, newWorld, WORKSPACE } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const device = newDevice();
const OWNER: Owner = { workspace: WORKSPACE, subject: MARA.subject, jkt: device.jkt };
const { files } = world.leaseFor(device);
const elder = world.leaseFor(device, {}, NOW - DAY).files;
const [place] = world.leasable.locations;
assert.ok(place);
const unreachable = { ...place, connectors: [], gateways: [] };
const at = (...locations: (typeof place)[]): LeaseFiles => world.leaseFor(device, { locations }).files;

const CASES: readonly (readonly [
  what: string,
  shown: { readonly files?: LeaseFiles; readonly owner?: Partial<Owner>; readonly now?: number },
  outcome: string,
])[] = [
  ['as it was made', {}, 'good'],
  ['in its last second', { now: NOW + 7 * DAY }, 'good'],
  ['a second later', { now: NOW + 7 * DAY + 1 }, '3006 ended'],
  ['sealed to another device', { files: world.leaseFor(newDevice()).files }, '3002 not-sealed-here'],
  ['in another person’s folder', { owner: { subject: 'john-0123456789' } }, '3007 other-owner'],
  ['in another Workspace’s folder', { owner: { workspace: 'https://workspace.fabrikam.example' } }, '3007 other-owner'],
  ['of another signing key of this device', { owner: { jkt: newDevice().jkt } }, '3007 other-owner'],
  ['with a common file of another generation', { files: { ...files, common: elder.common } }, '3007 files-mixed'],
  ['with a location file of another generation', { files: { ...files, location: elder.location } }, '3007 files-mixed'],
  ['that names no location', { files: at() }, '3003'],
  ['that names no way into its locations', { files: at(unreachable, unreachable) }, '3004'],
  ['that names a way into one of its locations', { files: at(unreachable, place) }, 'good'],
  ['that names connectors only', { files: at({ ...place, gateways: [] }) }, 'good'],
  ['that names gateways only', { files: at({ ...place, connectors: [] }) }, 'good'],
];
for (const [what, { files: shown = files, owner, now = NOW }, outcome] of CASES) {
  test(`a lease ${what}: ${outcome}`, () => {
    const verdict = judgeHeldLease(nodeCrypto, world.trustWith(), device.unseal, shown, { ...OWNER, ...owner }, now);
    assert.equal(outcomeOf(verdict), outcome);
  });
}

test('a good lease is what is shown later: its metadata as the issuer signed it', () => {
  const verdict = judgeHeldLease(nodeCrypto, world.trustWith(), device.unseal, files, OWNER, NOW);
  assert.ok(verdict.ok);
  assert.equal(verdict.value.metadataJws, world.shownFiles(device, files).metadata);
  assert.deepEqual(verdict.value.metadata.resource, world.leasable.resource);
});

test('a lease of another issuer is none', () => {
  const verdict = judgeHeldLease(nodeCrypto, newWorld().trustWith(), device.unseal, files, OWNER, NOW);
  assert.equal(outcomeOf(verdict), '3007 token');
});
