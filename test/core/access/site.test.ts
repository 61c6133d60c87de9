import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSite } from '#core/access/site';
import { parse } from '#protocol/parse';
import { AccessRules } from '#protocol/site-document';

const SITE = readSite(
  parse(AccessRules, {
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    feed: 'main',
    locations: ['zurich', 'bern'].map((id) => ({
      id,
      name: id,
      connectors: [{ id: `${id}-1`, address: { host: `${id}.example`, port: 2598 } }],
    })),
    gateways: [],
    deliveryGroups: [{ id: 'office', name: 'Office' }],
    sessionHosts: [
      { id: 'b-1', location: 'bern', deliveryGroup: 'office' },
      { id: 'z-1', location: 'zurich', deliveryGroup: 'office' },
      { id: 'b-2', location: 'bern', deliveryGroup: 'office' },
    ],
    resources: [
      { id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp', deliveryGroups: ['office'], entitled: { groups: ['Staff'] } },
    ],
  }),
);

test('a delivery group is in each location of its hosts once, in the order of the document', () => {
  assert.deepEqual([...SITE.locationsOfGroup], [['office', ['bern', 'zurich']]]);
});

test('what the document says is found by its id, resources by their feed and id', () => {
  assert.equal(SITE.resources.get('main/ledger')?.name, 'Ledger');
  assert.deepEqual([...SITE.resources.keys()], ['main/ledger']);
  assert.equal(SITE.sessionHosts.get('b-2')?.location, 'bern');
  assert.deepEqual([SITE.locations.get('zurich')?.id, SITE.groups.get('office')?.name], ['zurich', 'Office']);
});
