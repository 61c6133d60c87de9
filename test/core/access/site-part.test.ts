import assert from 'node:assert/strict';
import test from 'node:test';
import { readSite } from '#core/access/site';
import { locationParts } from '#core/access/site-part';
import { placeByCopy } from '#core/placement/host-for';
import { parse } from '#protocol/parse';
import { AccessRules, SiteDocument } from '#protocol/site-document';

const app = (id: string, deliveryGroups: readonly string[], groups: readonly string[], assignments: object = {}) => ({
  id,
  name: id,
  kind: 'desktop',
  protocol: 'rdp',
  deliveryGroups,
  entitled: { groups },
  ...assignments,
});
const WHOLE = parse(SiteDocument, {
  tenant: 'contoso',
  site: { id: 'contoso', name: 'Contoso' },
  portal: { name: 'Everybody’s portal' },
  locations: ['zurich', 'bern', 'empty'].map((id, n) => ({
    id,
    name: id,
    connectors: [{ id: `${id}-1`, address: { host: '127.0.0.1', port: n + 1 } }],
  })),
  gateways: [{ id: 'gateway-1', address: { host: '127.0.0.1', port: 443 } }],
  deliveryGroups: [
    { id: 'office', name: 'Office' },
    { id: 'lab', name: 'Lab', leasing: false },
    { id: 'pcs', name: 'PCs' },
  ],
  sessionHosts: [
    { id: 'z-office', location: 'zurich', deliveryGroup: 'office' },
    { id: 'z-pc', location: 'zurich', deliveryGroup: 'pcs' },
    { id: 'b-office', location: 'bern', deliveryGroup: 'office' },
    { id: 'b-lab', location: 'bern', deliveryGroup: 'lab' },
    { id: 'b-pc', location: 'bern', deliveryGroup: 'pcs' },
  ],
  resources: [
    app('ledger', ['office', 'lab'], ['Staff']),
    app('microscope', ['lab'], ['Research']),
    app('pc', ['pcs'], ['Staff'], { assigned: { 'mara@contoso.example': 'z-pc', 'otto@contoso.example': 'b-pc' } }),
    app('borrowed', ['office'], ['Staff'], { assigned: { 'otto@contoso.example': 'b-pc' } }),
    app('own', ['pcs'], ['Staff'], { assignedIds: { 'x-mara': 'z-pc', 'x-otto': 'b-pc' } }),
  ],
  webApps: [{ id: 'wiki', name: 'Wiki', url: 'https://wiki.contoso.example' }],
});
const part = locationParts(WHOLE);

test('a location’s part says nothing of other locations, of the portal and of web apps', () => {
  const zurich = part('zurich');
  assert.deepEqual(parse(AccessRules, zurich), zurich);
  const text = JSON.stringify(zurich);
  for (const foreign of ['bern', 'b-office', 'b-lab', 'b-pc', 'lab', 'microscope', 'Research', 'otto', 'borrowed', 'portal', 'wiki'])
    assert.ok(!text.includes(foreign), foreign);
  assert.deepEqual(zurich.gateways, WHOLE.gateways);
  assert.equal(part('zurich'), zurich, 'made once');
});

test('a location without session hosts has an empty part, and so has one that is not there', () => {
  for (const [id, locations] of [
    ['empty', 1],
    ['nowhere', 0],
  ] as const) {
    const { sessionHosts, resources, deliveryGroups, ...more } = part(id);
    assert.deepEqual([sessionHosts, resources, deliveryGroups, more.locations.length], [[], [], [], locations]);
  }
});

test('a desktop that is assigned elsewhere only opens here for nobody: it is not there, and does not become everybody’s', () => {
  assert.deepEqual(
    part('zurich').resources.map(({ id }) => id),
    ['ledger', 'pc', 'own'],
  );
  assert.deepEqual(part('zurich').resources[1]?.assigned, { 'mara@contoso.example': 'z-pc' });
  assert.deepEqual(part('zurich').resources[2]?.assignedIds, { 'x-mara': 'z-pc' });
});

test('by its location’s part a connector decides as by the whole document', () => {
  const hosts = WHOLE.sessionHosts.map(({ id }) => ({
    id,
    address: { host: '127.0.0.1', port: 1 },
    protocols: ['rdp' as const],
    sessions: [],
    maxSessions: 10,
    promised: 0,
  }));
  const people = ['mara', 'otto', 'nobody'].flatMap((name) =>
    [['Staff'], ['Research'], []].map((groups) => ({
      subject: `${name}-${name}`,
      id: `x-${name}`,
      name,
      upn: `${name}@contoso.example`,
      groups,
    })),
  );
  const whole = readSite(WHOLE);
  const outcomes = new Set<string>();
  for (const location of ['zurich', 'bern', 'empty'])
    for (const user of people)
      for (const { id } of WHOLE.resources)
        for (const mode of ['lease', 'ticket'] as const) {
          const demand = { location, resource: { feed: 'apps', id }, user, mode };
          const [by, byPart] = [whole, readSite(part(location))].map((site) => {
            const placed = placeByCopy(site, demand, hosts);
            return placed.ok ? placed.value.sessionHost.id : 'refused';
          });
          assert.equal(byPart, by, JSON.stringify(demand));
          outcomes.add(by ?? '');
        }
  assert.deepEqual([...outcomes].sort(), ['b-lab', 'b-office', 'b-pc', 'refused', 'z-office', 'z-pc']);
});

test('an assigned desktop keeps its delivery groups of this location, or all where none of them is here', () => {
  const of = (deliveryGroups: string[]) => {
    const resources = WHOLE.resources.filter(({ id }) => id === 'pc').map((desktop) => ({ ...desktop, deliveryGroups }));
    return locationParts({ ...WHOLE, resources })('zurich').resources[0]?.deliveryGroups;
  };
  assert.deepEqual(of(['lab', 'office']), ['office']);
  assert.deepEqual(of(['lab']), ['lab']);
});
