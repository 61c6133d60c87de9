import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSite, type Site } from '#core/access/site';
import type { Registration } from '#protocol/channel';
import { TIMES } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { AccessRules } from '#protocol/site-document';
import type { Statement } from '#protocol/trust';
import type { ControlPeer } from '#runtime/channel/control';
import { sha256 } from '#runtime/jose/primitives';
import { newEd25519, publicHalf } from '#runtime/jose/sign';
import { sessionHostsOf } from '../../../services/connector/session-hosts.ts';
import { refusedWith } from '../../refused-with.ts';
import { NOW } from '../../vectors/world.ts';

const SITE = readSite(
  parse(AccessRules, {
    tenant: 'contoso',
    site: { id: 'contoso', name: 'Contoso' },
    locations: [{ id: 'zurich', name: 'Zurich', connectors: [{ id: 'zurich-1', address: { host: '127.0.0.1', port: 1 } }] }],
    gateways: [],
    deliveryGroups: [{ id: 'office', name: 'Office' }],
    sessionHosts: ['zurich-host-1', 'zurich-host-2'].map((id) => ({ id, location: 'zurich', deliveryGroup: 'office' })),
    resources: [],
  }),
);

function peerOf(id: string, location = 'zurich') {
  const statement: Statement = {
    role: 'session-host',
    id,
    location,
    keys: { tls: sha256(id), sign: publicHalf(newEd25519()) },
    iat: NOW,
    exp: NOW + 1,
  };
  const answers = { now: true };
  const peer: ControlPeer = {
    statement,
    responsive: () => answers.now,
    probe: async () => {},
    call: async () => assert.fail('nothing is asked of it'),
    closed: new Promise(() => {}),
    close: () => {},
  };
  return { peer, answers };
}
const registration = (id: string, sessions: Registration['sessions'] = []): Registration => ({
  id,
  address: { host: '127.0.0.1', port: 1 },
  protocols: ['rdp'],
  sessions,
  maxSessions: 10,
});
const session = (id: string): Registration['sessions'][number] => ({
  session: id,
  subject: 'mara-0123456789',
  user: 'Mara Keller',
  resource: { feed: 'apps', id: 'ledger' },
  mode: 'lease',
  since: NOW,
  attached: true,
});

function connector() {
  const clock = { seconds: NOW };
  const site: { copy: Site | undefined } = { copy: SITE };
  let changes = 0;
  const hosts = sessionHostsOf({ location: 'zurich', site: () => site.copy, now: () => clock.seconds, onChange: () => changes++ });
  return { hosts, clock, site, changes: () => changes, live: () => hosts.live().map(({ id, promised }) => `${id} ${promised}`) };
}

describe('B-R5d a session host registers as itself, where the site document names it', () => {
  const { hosts, live } = connector();
  test('not as another one', () => {
    assert.throws(() => hosts.register(registration('zurich-host-1'), peerOf('zurich-host-2').peer), refusedWith('untrusted_peer'));
  });
  test('not from another location', () => {
    assert.throws(() => hosts.register(registration('zurich-host-1'), peerOf('zurich-host-1', 'bern').peer), refusedWith('untrusted_peer'));
  });
  test('not without a place in the site document', () => {
    assert.throws(() => hosts.register(registration('zurich-host-9'), peerOf('zurich-host-9').peer), refusedWith('forbidden_caller'));
    assert.deepEqual(live(), []);
  });
  test('as itself', () => {
    hosts.register(registration('zurich-host-1'), peerOf('zurich-host-1').peer);
    assert.deepEqual(live(), ['zurich-host-1 0']);
  });
});

test('who registers before there is a copy of the site document waits for it', () => {
  const { hosts, site, live } = connector();
  site.copy = undefined;
  hosts.register(registration('zurich-host-1'), peerOf('zurich-host-1').peer);
  hosts.register(registration('zurich-host-9'), peerOf('zurich-host-9').peer);
  assert.deepEqual([live(), hosts.find('zurich-host-1')], [[], undefined]);
  site.copy = SITE;
  assert.deepEqual(live(), ['zurich-host-1 0']);
  assert.equal(hosts.find('zurich-host-1')?.registration.id, 'zurich-host-1');
  assert.equal(hosts.find('zurich-host-9'), undefined);
});

test('only session hosts that answer now get sessions', () => {
  const { hosts, live } = connector();
  const { peer, answers } = peerOf('zurich-host-1');
  hosts.register(registration('zurich-host-1'), peer);
  answers.now = false;
  assert.deepEqual([live(), hosts.registrations()], [[], []]);
  answers.now = true;
  assert.equal(hosts.registrations().length, 1);
});

test('a session host whose connection ended is gone, unless it has come back on another', () => {
  const { hosts, live, changes } = connector();
  const [former, again] = [peerOf('zurich-host-1').peer, peerOf('zurich-host-1').peer];
  hosts.register(registration('zurich-host-1'), former);
  hosts.register(registration('zurich-host-1'), again);
  hosts.forget(former);
  assert.deepEqual([live(), changes()], [['zurich-host-1 0'], 2]);
  hosts.forget(again);
  assert.deepEqual([live(), changes()], [[], 3]);
});

test('a granted session holds a place until its host reports it, or until its grant has expired', () => {
  const { hosts, clock, live } = connector();
  const { peer } = peerOf('zurich-host-1');
  hosts.register(registration('zurich-host-1'), peer);
  hosts.promise('zurich-host-1', 'a'.repeat(22), 'mara-0123456789');
  hosts.promise('zurich-host-1', 'b'.repeat(22), 'john-0123456789');
  assert.deepEqual(live(), ['zurich-host-1 2']);
  hosts.register(registration('zurich-host-1', [session('a'.repeat(22))]), peer);
  assert.deepEqual(live(), ['zurich-host-1 1']);
  clock.seconds += TIMES.grantSeconds;
  assert.deepEqual(live(), ['zurich-host-1 1']);
  clock.seconds += 1;
  assert.deepEqual(live(), ['zurich-host-1 0']);
});

test('B-R6h of one person’s granted sessions the newest three hold a place', () => {
  const { hosts, live } = connector();
  for (const id of ['zurich-host-1', 'zurich-host-2']) hosts.register(registration(id), peerOf(id).peer);
  for (const letter of 'ab') hosts.promise('zurich-host-1', letter.repeat(22), 'mara-0123456789');
  for (const letter of 'cde') hosts.promise('zurich-host-2', letter.repeat(22), 'mara-0123456789');
  assert.deepEqual(live(), ['zurich-host-1 0', 'zurich-host-2 3']);
});
