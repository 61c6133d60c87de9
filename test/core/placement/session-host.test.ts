import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseSessionHost, type NamedHost, type Wanted } from '#core/placement/session-host';
import { outcomeOf } from '../outcome.ts';

const host = (id: string, more: Partial<NamedHost> = {}): NamedHost => ({
  id,
  address: { host: '127.0.0.1', port: 1 },
  protocols: ['ssh'],
  deliveryGroup: 'pool',
  sessions: [],
  maxSessions: 10,
  promised: 0,
  ...more,
});
const session = (subject: string, resource: string) => ({
  session: 'aaaaaaaaaaaaaaaaaaaaaa',
  subject,
  user: 'X',
  resource: { feed: 'apps', id: resource },
  mode: 'ticket' as const,
  since: 0,
  attached: false,
});
const wanted: Wanted = {
  deliveryGroups: ['pool'],
  protocol: 'ssh',
  resource: { feed: 'apps', id: 'app' },
  subject: 'mara-mara',
};
const idOf = (hosts: readonly NamedHost[], more: Partial<Wanted> = {}) => {
  const chosen = chooseSessionHost(hosts, { ...wanted, ...more });
  return chosen.ok ? chosen.value.id : chosen.why;
};
const reasonOf = (hosts: readonly NamedHost[], more: Partial<Wanted> = {}) => outcomeOf(chooseSessionHost(hosts, { ...wanted, ...more }));

test('the least loaded host takes the session, by its share in use', () => {
  const busy = host('a', { sessions: [session('x', 'app'), session('y', 'app')] });
  const small = host('b', { sessions: [session('z', 'app')], maxSessions: 2 });
  assert.equal(idOf([busy, small]), 'a');
});

test('sessions that were granted but are not reported yet count', () => {
  assert.equal(idOf([host('a', { promised: 3 }), host('b', { promised: 1 })]), 'b');
});

test('the host where the person left a session of this resource comes first, even when it is full', () => {
  const full = host('b', { sessions: [session('mara-mara', 'app')], maxSessions: 1 });
  assert.equal(idOf([host('a'), full]), 'b');
  assert.equal(idOf([host('a'), full], { resource: { feed: 'apps', id: 'other' } }), 'a');
  assert.equal(idOf([host('a'), full], { resource: { feed: 'other', id: 'app' } }), 'a', 'the same id in another feed');
});

test('an assigned desktop opens on its machine or nowhere', () => {
  const own = host('pc', { deliveryGroup: 'elsewhere' });
  assert.equal(idOf([host('a'), own], { assignedSessionHost: 'pc' }), 'pc');
  assert.equal(idOf([host('a')], { assignedSessionHost: 'pc' }), 3021);
});

test('another pool, another protocol, no room: not this one', () => {
  assert.equal(idOf([host('a', { deliveryGroup: 'x' })]), 3021);
  assert.equal(idOf([host('a', { protocols: ['rdp'] })]), 3021);
  assert.equal(idOf([host('a', { maxSessions: 2, promised: 2 })]), 3021);
  assert.equal(idOf([]), 3021);
});

test('of hosts that are equally free the first by name is chosen, in whatever order they registered', () => {
  const [a, b, c] = [host('a', { promised: 1 }), host('b', { promised: 1 }), host('c', { promised: 1 })];
  for (const hosts of [
    [a, b, c],
    [c, b, a],
    [b, c, a],
    [b, a, c],
  ])
    assert.equal(idOf(hosts), 'a');
});

test('a refusal says whether nobody is registered, the assigned desktop is off, or all are full', () => {
  assert.equal(reasonOf([]), '3021 not-registered');
  assert.equal(reasonOf([host('a')], { assignedSessionHost: 'pc' }), '3021 host-off');
  assert.equal(reasonOf([host('a', { promised: 10 })]), '3021 full');
  assert.equal(reasonOf([host('a', { maxSessions: 0 })]), '3021 full');
});
