import assert from 'node:assert/strict';
import test from 'node:test';
import type * as v from 'valibot';
import { leasablePlaces, publicationFor, publicationsFor, toFeedResource, toLeaseLocation } from '#core/access/enumerate';
import { readSite } from '#core/access/site';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';

type Input = v.InferInput<typeof SiteDocument>;
const endpoint = (id: string) => ({ id, address: { host: '127.0.0.1', port: 2598 } });
const resource = (id: string, deliveryGroups: string[], more: object = {}): Input['resources'][number] => ({
  id,
  name: id,
  kind: 'app',
  protocol: 'ssh',
  deliveryGroups,
  entitled: { groups: ['Staff'] },
  ...more,
});

function site(resources: Input['resources'], more: Partial<Input> = {}) {
  return readSite(
    parse(SiteDocument, {
      tenant: 't',
      site: { id: 's', name: 'S' },
      locations: [
        { id: 'zurich', name: 'Zurich', connectors: [endpoint('zurich-1')] },
        { id: 'bern', name: 'Bern', connectivity: 'inside', connectors: [endpoint('bern-1')] },
      ],
      gateways: [endpoint('gateway-1')],
      deliveryGroups: [
        { id: 'z', name: 'Z' },
        { id: 'b', name: 'B' },
        { id: 'closed', name: 'Closed', leasing: false },
        { id: 'empty', name: 'Empty' },
      ],
      sessionHosts: [
        { id: 'z-1', location: 'zurich', deliveryGroup: 'z' },
        { id: 'z-2', location: 'zurich', deliveryGroup: 'z' },
        { id: 'b-1', location: 'bern', deliveryGroup: 'b' },
        { id: 'c-1', location: 'zurich', deliveryGroup: 'closed' },
      ],
      resources,
      ...more,
    }),
  );
}
const mara = { upn: 'mara@site.test', groups: ['Staff'] };

test('B-R8b a resource that is published in several locations says which, in the order of its delivery groups', () => {
  const built = site([resource('both', ['b', 'z'])]);
  const [publication] = publicationsFor(built, mara);
  assert.ok(publication);
  assert.deepEqual(toFeedResource(built, publication), {
    id: 'both',
    name: 'both',
    kind: 'app',
    protocol: 'ssh',
    locations: [
      { id: 'bern', name: 'Bern' },
      { id: 'zurich', name: 'Zurich' },
    ],
    leasable: true,
  });
});

test('a resource whose delivery groups have no host anywhere is not shown', () => {
  assert.deepEqual(publicationsFor(site([resource('nowhere', ['empty'])]), mara), []);
});

test('B-L1d a delivery group that may not be leased takes its locations out of the lease only', () => {
  const built = site([resource('mixed', ['closed', 'b']), resource('closed', ['closed'])]);
  const [mixed, closed] = publicationsFor(built, mara);
  assert.ok(mixed && closed);
  assert.deepEqual(
    mixed.places.map(({ location }) => location.id),
    ['zurich', 'bern'],
  );
  assert.deepEqual(
    leasablePlaces(built, mixed).map(({ location }) => location.id),
    ['bern'],
  );
  assert.equal(toFeedResource(built, closed).kind === 'app' && leasablePlaces(built, closed).length, 0);
});

test('B-L1a with continuity off for the site nothing is leasable', () => {
  const built = site([resource('one', ['z'])], { continuity: { enabled: false } });
  const [one] = publicationsFor(built, mara);
  assert.ok(one);
  assert.deepEqual(leasablePlaces(built, one), []);
});

test('an assigned desktop is shown to its person alone, at the location of its machine', () => {
  const built = site([resource('pc', ['z', 'b'], { assigned: { 'mara@site.test': 'b-1' } })]);
  const pc = built.resources.get('apps/pc');
  assert.ok(pc);
  const mine = publicationFor(built, pc, mara);
  assert.equal(mine?.assignedSessionHost, 'b-1');
  assert.deepEqual(
    mine?.places.map(({ location }) => location.id),
    ['bern'],
  );
  assert.equal(publicationFor(built, pc, { upn: 'otto@site.test', groups: ['Staff'] }), undefined);
});

test('B-I8e a desktop that is assigned by id is shown to its person alone, and hangs on nothing else of them', () => {
  const built = site([resource('pc', ['z', 'b'], { entitled: { ids: ['x-1'], groups: ['Staff'] }, assignedIds: { 'x-1': 'b-1' } })]);
  const pc = built.resources.get('apps/pc');
  assert.ok(pc);
  const mine = publicationFor(built, pc, { id: 'x-1', upn: 'unknown' });
  assert.equal(mine?.assignedSessionHost, 'b-1');
  assert.deepEqual(mine?.hangsOn, []);
  assert.equal(publicationFor(built, pc, mara), undefined);
});

test('a location that is reached from inside only names no gateways', () => {
  const built = site([]);
  const [zurich, bern] = built.content.locations;
  assert.ok(zurich && bern);
  assert.deepEqual(toLeaseLocation(built, zurich).gateways, [endpoint('gateway-1')]);
  assert.deepEqual(toLeaseLocation(built, bern).gateways, []);
});
