import assert from 'node:assert/strict';
import test from 'node:test';
import { resolve } from '#core/access/resolve';
import { readSite } from '#core/access/site';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { MARA } from '../../vectors/world.ts';

const endpoint = (id: string) => ({ id, address: { host: '127.0.0.1', port: 2598 } });
const resource = (id: string, deliveryGroups: string[], groups: string[]) => ({
  id,
  name: id,
  kind: 'app' as const,
  protocol: 'ssh' as const,
  deliveryGroups,
  entitled: { users: id === 'own' ? [MARA.upn] : [], groups },
});
const GROUPS = MARA.groups ?? [];
const SITE = readSite(
  parse(SiteDocument, {
    tenant: 't',
    site: { id: 's', name: 'S' },
    continuity: { leaseDays: 3 },
    locations: [
      { id: 'zurich', name: 'Zurich', connectors: [endpoint('zurich-1')] },
      { id: 'bern', name: 'Bern', connectors: [endpoint('bern-1')] },
    ],
    gateways: [endpoint('gateway-1')],
    deliveryGroups: [
      { id: 'z', name: 'Z' },
      { id: 'b', name: 'B', revocation: 'strict' },
      { id: 'closed', name: 'Closed', leasing: false },
    ],
    sessionHosts: [
      { id: 'z-1', location: 'zurich', deliveryGroup: 'z' },
      { id: 'b-1', location: 'bern', deliveryGroup: 'b' },
      { id: 'c-1', location: 'zurich', deliveryGroup: 'closed' },
    ],
    resources: [resource('both', ['z', 'b'], GROUPS), resource('payroll', ['closed'], GROUPS), resource('own', ['z'], [])],
  }),
);

test('what is leasable says everything that its lease says', () => {
  const { leaseSeconds, leasable, unleased } = resolve(SITE, MARA, undefined);
  assert.equal(leaseSeconds, 3 * 86_400);
  assert.deepEqual(
    leasable.map(({ resource: { id }, deliveryGroup, hostPools, locations, revocation }) => ({
      id,
      deliveryGroup,
      hostPools,
      locations: locations.map((location) => location.id),
      revocation,
    })),
    [
      {
        id: 'both',
        deliveryGroup: 'z',
        hostPools: { zurich: 'z', bern: 'b' },
        locations: ['zurich', 'bern'],
        revocation: { mode: 'strict', maxStaleSeconds: leaseSeconds },
      },
      {
        id: 'own',
        deliveryGroup: 'z',
        hostPools: undefined,
        locations: ['zurich'],
        revocation: { mode: 'best-effort', maxStaleSeconds: leaseSeconds },
      },
    ],
  );
  assert.deepEqual(unleased, [{ resource: { feed: 'apps', id: 'payroll' }, reason: 'not-allowed' }]);
});

test('no leases are resolved for the blocked, and each resource has its reason', () => {
  const { leasable, unleased } = resolve(SITE, MARA, 'blocked');
  assert.deepEqual(leasable, []);
  assert.deepEqual(
    unleased.map(({ resource: { id }, reason }) => `${id} ${reason}`),
    ['both blocked', 'payroll not-allowed', 'own blocked'],
  );
});

test('a lease of an assigned desktop names its host, and no other lease does', () => {
  const assigned = readSite({
    ...SITE.content,
    resources: SITE.content.resources.map((one) => (one.id === 'own' ? { ...one, assigned: { [MARA.upn]: 'b-1' } } : one)),
  });
  assert.deepEqual(
    resolve(assigned, MARA, undefined).leasable.map((one) => [one.resource.id, one.assignedSessionHost]),
    [
      ['both', undefined],
      ['own', 'b-1'],
    ],
  );
});
