import assert from 'node:assert/strict';
import test from 'node:test';
import type * as v from 'valibot';
import type { P256PrivateJwk } from '#protocol/jose';
import { TYP, type Typ } from '#protocol/jose';
import { LeaseCommon, LeaseLocationDetails, LeaseMetadata } from '#protocol/lease';
import { leaseBuilder } from '../../../core/lease/build.ts';
import { openJws } from '../../../core/trust/jws.ts';
import { nodeCrypto, sha256, thumbprint } from '../../../runtime/jose/primitives.ts';
import { unsealerFor } from '../../../runtime/jose/seal.ts';
import { newId, newP256, publicHalf } from '../../../runtime/jose/sign.ts';
import { seal } from '../../seal.ts';
import { DAY, MARA, NOW, newDevice, newWorld, TENANT, WORKSPACE } from '../../vectors/world.ts';

test('leases of resources that share a delivery group and locations share both files, and only those', () => {
  const world = newWorld();
  const device = newDevice();
  const siteKey = publicHalf(newP256());
  const build = leaseBuilder(
    {
      tenant: TENANT,
      workspace: WORKSPACE,
      user: MARA,
      device: { jkt: device.jkt, enc: device.enc },
      iat: NOW,
      leaseSeconds: 7 * DAY,
    },
    { crypto: nodeCrypto, signer: world.issuer, seal, newId, locationKeys: () => [siteKey] },
  );
  const named = (id: string, change = {}) => build({ ...world.leasable, resource: { ...world.leasable.resource, id }, ...change });
  const [ledger, mail, assigned, elsewhere] = [
    named('ledger'),
    named('mail'),
    named('desk', { assignedSessionHost: 'zurich-host-7' }),
    named('lab', { deliveryGroup: 'lab' }),
  ];
  assert.equal(ledger.files.common, mail.files.common);
  assert.equal(ledger.files.location, mail.files.location);
  assert.equal(ledger.files.common, assigned.files.common);
  assert.notEqual(ledger.files.location, assigned.files.location);
  assert.notEqual(ledger.files.common, elsewhere.files.common);
  assert.notEqual(ledger.lease, mail.lease);
});

const world = newWorld();
const device = newDevice();
const [first, second, bern] = [newP256(), newP256(), newP256()];
/** Zurich is about to replace its key. */
const locationKeys = (location: string) => (location === 'zurich' ? [first, second] : [bern]).map(publicHalf);

function builderFor(leaseSeconds: number) {
  const target = { tenant: TENANT, workspace: WORKSPACE, user: MARA, device: { jkt: device.jkt, enc: device.enc }, iat: NOW, leaseSeconds };
  return leaseBuilder(target, { crypto: nodeCrypto, signer: world.issuer, seal, newId: () => 'a'.repeat(22), locationKeys });
}
function opened<S extends v.GenericSchema>(jws: string | undefined, typ: Typ, schema: S): v.InferOutput<S> {
  const read = openJws(nodeCrypto, jws ?? '', typ, schema, [world.issuer.publicKey]);
  assert.ok(read.ok);
  return read.value;
}
const partFor = (file: string, key: P256PrivateJwk) => unsealerFor(key)(JSON.parse(file)[thumbprint(publicHalf(key))]);

test('a lease says who may open what, where, on which device and until when', () => {
  const made = builderFor(7 * DAY)({
    ...world.leasable,
    hostPools: { zurich: 'office', bern: 'lab' },
    assignedSessionHost: 'zurich-host-7',
  });
  const times = { iat: NOW, exp: NOW + 7 * DAY };
  const { leasable } = world;
  assert.deepEqual(opened(device.unseal(made.files.metadata), TYP.metadata, LeaseMetadata), {
    lease: 'a'.repeat(22),
    tenant: TENANT,
    workspace: WORKSPACE,
    sub: MARA.subject,
    cnf: { jkt: device.jkt },
    resource: leasable.resource,
    locations: leasable.locations,
    ...times,
    refreshAfter: NOW + DAY,
    revocation: leasable.revocation,
    hangsOn: ['groups'],
    digests: { common: sha256(made.files.common), location: sha256(made.files.location) },
  });
  assert.deepEqual(opened(partFor(made.files.common, bern), TYP.common, LeaseCommon), {
    user: MARA,
    cnf: { jkt: device.jkt },
    deliveryGroup: 'office',
    entitledBy: 'Finance',
    ...times,
  });
  const details = (key: P256PrivateJwk) => opened(partFor(made.files.location, key), TYP.location, LeaseLocationDetails);
  assert.deepEqual(details(first), { location: 'zurich', hostPool: 'office', assignedSessionHost: 'zurich-host-7', ...times });
  assert.deepEqual(details(bern), { location: 'bern', hostPool: 'lab', assignedSessionHost: 'zurich-host-7', ...times });
  assert.deepEqual(
    [made.lease, made.resource, made.digests.common],
    ['a'.repeat(22), { feed: 'apps', id: 'ledger' }, sha256(made.files.common)],
  );
});

test('a location whose key is being replaced reads a lease with either key', () => {
  const { files } = builderFor(7 * DAY)(world.leasable);
  for (const key of [first, second]) {
    assert.equal(opened(partFor(files.location, key), TYP.location, LeaseLocationDetails).hostPool, 'office');
    assert.equal(opened(partFor(files.common, key), TYP.common, LeaseCommon).deliveryGroup, 'office');
  }
});

test('a lease of less than a day is refreshed by its end', () => {
  const { files } = builderFor(3_600)(world.leasable);
  assert.equal(opened(device.unseal(files.metadata), TYP.metadata, LeaseMetadata).refreshAfter, NOW + 3_600);
});
