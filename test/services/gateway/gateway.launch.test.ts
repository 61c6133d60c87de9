import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { attached, type Field, granted, openField, presentLease, presentTicket, readAll } from '../whole-location.ts';

let field: Field;
before(async () => {
  field = await openField();
  await field.settled();
});
after(() => field.close());

const GATEWAY = { roles: ['gateway'] as const, id: 'gateway-1' };

test('B-G1a with no cloud and no database behind it, a gateway opens a session by a lease, and its bytes come back', async () => {
  const device = field.device();
  const channel = await field.open(field.gateway.address, GATEWAY);
  const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
  assert.equal(grant.meeting.route, 'rendezvous');
  assert.equal(grant.sessionHost, 'zurich-host-1');
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  assert.equal(attached(answer).protocol, 'rdp');
  const raw = session.raw();
  raw.end('over the gateway');
  assert.equal((await readAll(raw)).toString(), 'over the gateway');
});

test('a gateway counts the connectors that answer it, and the launches that it granted', async () => {
  const device = field.device();
  const launches = async () => (await field.figure('gateway', 'holdfast_gateway_launches_total{mode="lease",outcome="granted"}')) || 0;
  assert.equal(await field.figure('gateway', 'holdfast_gateway_connectors'), 1);
  const before = await launches();
  const channel = await field.open(field.gateway.address, GATEWAY);
  granted(await channel.present(presentLease(field, device, channel), 5_000));
  assert.equal(await launches(), before + 1);
});

test('a lease opens a session directly', async () => {
  const device = field.device();
  const [connector] = field.connectors;
  assert.ok(connector);
  const channel = await field.open(connector.address, { roles: ['connector'], id: connector.id });
  const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
  assert.equal(grant.meeting.route, 'direct');
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  attached(answer);
  const raw = session.raw();
  raw.end('direct');
  assert.equal((await readAll(raw)).toString(), 'direct');
});

test('a ticket opens a session through a gateway', async () => {
  const device = field.device();
  field.clock.seconds += 5;
  const channel = await field.open(field.gateway.address, GATEWAY);
  const grant = granted(await channel.present(presentTicket(field, device, channel), 5_000));
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  attached(answer);
  session.close();
});
