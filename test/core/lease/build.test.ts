import assert from 'node:assert/strict';
import test from 'node:test';
import { leaseBuilder } from '../../../core/lease/build.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
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
