/** Attacks with one stolen key: a session host that wants another delivery group's sessions, at a connector that brokers by its copy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Registration } from '#protocol/channel';
import type { ControlPeer, ControlResult } from '#runtime/channel/control';
import { keepControl } from '#runtime/channel/control-link';
import { identityOf } from '#runtime/channel/identity';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { type Field, granted, HERE, openField, presentLease } from '../whole-location.ts';

/** The same location with a second delivery group, whose only session host is the rogue. */
const withArchive: NonNullable<Parameters<typeof openField>[0]>['change'] = (site) => ({
  ...site,
  deliveryGroups: [...site.deliveryGroups, { id: 'archive', name: 'Archive', leasing: true, revocation: 'best-effort' }],
  sessionHosts: [...site.sessionHosts, { id: 'zurich-host-0', location: 'zurich', deliveryGroup: 'archive' }],
});

/** Registers with a connector as its own key allows, and says more than is true. */
async function registers(field: Field, id: string, claims: Partial<Registration> = {}): Promise<ControlResult<'register'>> {
  const [endpoint] = field.location.connectors;
  assert.ok(endpoint);
  const component = await field.component('session-host', id, 'zurich');
  const opened = Promise.withResolvers<ControlPeer>();
  void keepControl({
    identity: identityOf(component),
    handlers: { meet: async () => ({}) },
    now: field.now,
    log: SILENT,
    endpoint,
    expected: { roles: ['connector'], location: 'zurich' },
    signal: field.signal,
    onOpen: async (peer) => opened.resolve(peer),
  });
  const registration = {
    id,
    address: { host: HERE, port: 9 },
    protocols: ['rdp' as const, 'ssh' as const, 'vnc' as const],
    sessions: [],
    maxSessions: 100_000,
    deliveryGroup: 'office',
    ...claims,
  };
  return (await opened.promise).call('register', registration, 5_000);
}

async function launched(field: Field): Promise<string> {
  const [endpoint] = field.location.connectors;
  assert.ok(endpoint);
  const device = field.device();
  const channel = await field.open(endpoint.address, { roles: ['connector'], id: endpoint.id });
  const answer = await channel.present(presentLease(field, device, channel), 5_000);
  return answer.type === 'refusal' ? `refused ${answer.error.code}` : granted(answer).sessionHost;
}

test('B-R5f a session host that registers as another delivery group gets none of its sessions, though the broker is down', async (t) => {
  const field = await openField({ change: withArchive });
  t.after(() => field.close());
  await field.settled();
  await registers(field, 'zurich-host-0');
  // Of two that are equally free, the first by name is chosen: it would be the rogue.
  assert.equal(await launched(field), 'zurich-host-1');
});

test('B-R5d a session host that the site document does not name there is refused, and gets no sessions', async (t) => {
  const field = await openField({ change: withArchive });
  t.after(() => field.close());
  await field.settled();
  await assert.rejects(registers(field, 'zurich-host-3'), refusedWith('forbidden_caller'));
  assert.equal(await launched(field), 'zurich-host-1');
});
