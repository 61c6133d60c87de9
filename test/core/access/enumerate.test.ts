import assert from 'node:assert/strict';
import test from 'node:test';
import type * as v from 'valibot';
import { leasablePlaces, poolsFor, publicationFor, publicationsFor, toFeedResource, toLeaseLocation } from '#core/access/enumerate';
import { readSite } from '#core/access/site';
import { parse } from '#protocol/parse';
import { SiteDocument } from '#protocol/site-document';
import { outcomeOf } from '../outcome.ts';

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

test('a location counts once, by the first delivery group that is there', () => {
  const built = site([resource('twice', ['closed', 'z', 'b'])]);
  const [twice] = publicationsFor(built, mara);
  assert.deepEqual(
    twice?.places.map(({ location, group }) => `${location.id} ${group.id}`),
    ['zurich closed', 'bern b'],
  );
});

test('an assigned desktop hangs on the person’s name, whatever else entitles them', () => {
  const hangsOn = (more: object) => publicationsFor(site([resource('pc', ['z'], more)]), mara)[0]?.hangsOn;
  assert.deepEqual(hangsOn({}), ['groups']);
  assert.deepEqual(hangsOn({ assigned: { 'mara@site.test': 'z-1' } }), ['groups', 'name']);
  assert.deepEqual(hangsOn({ entitled: { users: ['mara@site.test'] }, assigned: { 'mara@site.test': 'z-1' } }), ['name']);
});

test('a resource may be leased where one of its places may be, and says so', () => {
  const built = site([resource('closed', ['closed']), resource('one', ['z']), resource('both', ['z', 'b'])]);
  const leasable = publicationsFor(built, mara).map((publication) => {
    const entry = toFeedResource(built, publication);
    return entry.kind !== 'web' && entry.leasable;
  });
  assert.deepEqual(leasable, [false, true, true]);
});

test('B-L1d by lease only delivery groups that may be leased serve a launch, by ticket all of the resource', () => {
  const built = site([]);
  const pools = (deliveryGroups: string[], mode: 'lease' | 'ticket', of = built) => {
    const judged = poolsFor(of, { deliveryGroups }, mode);
    return judged.ok ? judged.value : outcomeOf(judged);
  };
  assert.deepEqual(pools(['closed', 'z'], 'ticket'), ['closed', 'z']);
  assert.deepEqual(pools(['closed', 'z'], 'lease'), ['z']);
  assert.deepEqual(pools(['closed'], 'ticket'), ['closed']);
  assert.equal(pools(['closed'], 'lease'), '3022 not-offline');
  const off = site([], { continuity: { enabled: false } });
  assert.equal(pools(['z'], 'lease', off), '3022 not-offline');
  assert.deepEqual(pools(['z'], 'ticket', off), ['z']);
});

test('a lease names at most sixteen gateways', () => {
  const built = site([], { gateways: Array.from({ length: 17 }, (_, n) => endpoint(`gateway-${n}`)) });
  const [zurich] = built.content.locations;
  assert.ok(zurich);
  assert.deepEqual(toLeaseLocation(built, zurich).gateways, built.content.gateways.slice(0, 16));
});
