import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { after, before, test } from 'node:test';
import { connect, createServer as createTlsServer } from 'node:tls';
import fc from 'fast-check';
import { ALPN, rendezvousName } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Address } from '#protocol/primitives';
import { presentAndExpectReady } from '#runtime/channel/control-link';
import { framesOver } from '#runtime/channel/frames';
import { identityOf } from '#runtime/channel/identity';
import { newTlsIdentity, type TlsIdentity } from '#runtime/tls/certificate';
import { clientTlsWithoutAuthority, serverTls } from '#runtime/tls/options';
import { untilHolds } from '../../until.ts';
import { attached, type Field, granted, HERE, listening, openField, presentLease, presentTicket, proofOn } from '../whole-location.ts';

let field: Field;
before(async () => {
  field = await openField({ connectors: 2 });
  field.clock.seconds += 100;
  await field.settled();
});
after(() => field.close());

const GATEWAY = { roles: ['gateway'] as const, id: 'gateway-1' };
const coded = (code: string | number) => (error: unknown) => error instanceof HoldfastError && error.code === code;
const openGateway = () => field.open(field.gateway.address, GATEWAY);

async function refusedWith(answer: Promise<{ type: string }>): Promise<{ code: unknown; retryable: unknown }> {
  const got = await answer;
  assert.ok(got.type === 'refusal' && 'error' in got && 'retryable' in got, JSON.stringify(got));
  const { error, retryable } = got;
  assert.ok(typeof error === 'object' && error !== null && 'code' in error);
  return { code: error.code, retryable };
}

test('B-L8b a ticket is good once: the second use is refused', async () => {
  const device = field.device();
  const ticket = field.ticket(device);
  const first = await openGateway();
  granted(await first.present(presentTicket(field, device, first, ticket), 5_000));
  const second = await openGateway();
  assert.deepEqual(await refusedWith(second.present(presentTicket(field, device, second, ticket), 5_000)), {
    code: 'ticket_used',
    retryable: false,
  });
});

test('B-L8a a ticket is redeemed by nobody but its redeemer', async () => {
  const device = field.device();
  const other = field.ticket(device, { aud: 'zurich-connector-2' });
  const [first] = field.connectors;
  assert.ok(first);
  const direct = await field.open(first.address, { roles: ['connector'], id: first.id });
  assert.equal((await refusedWith(direct.present(presentTicket(field, device, direct, other), 5_000))).code, 3020);
  const passedOn = await openGateway();
  granted(await passedOn.present(presentTicket(field, device, passedOn, other), 5_000));
});

test('a ticket is too old after its 90 s', async () => {
  const device = field.device();
  const now = field.now();
  const channel = await openGateway();
  const old = field.ticket(device, { iat: now - 200, exp: now - 110 });
  assert.equal((await refusedWith(channel.present(presentTicket(field, device, channel, old), 5_000))).code, 'ticket_expired');
});

test('a proof copied from another connection is refused', async () => {
  const device = field.device();
  const lease = field.lease(device);
  const [mine, other] = [await openGateway(), await openGateway()];
  const present = presentLease(field, device, other, lease);
  const replayed = await refusedWith(mine.present(present, 5_000));
  assert.equal(replayed.code, 3020);
});

test('a lease that was copied to another device is refused there', async () => {
  const [owner, thief] = [field.device(), field.device()];
  const channel = await openGateway();
  const answer = channel.present(presentLease(field, thief, channel, field.lease(owner)), 5_000);
  assert.equal((await refusedWith(answer)).code, 3020);
});

/** A box that ends TLS towards the device and begins it anew towards the gateway. */
async function box(identity: TlsIdentity, behind: Address) {
  const server = createTlsServer({ ...serverTls(identity), ALPNProtocols: [ALPN.exchange] }, (socket) => {
    const onward = connect({
      host: behind.host,
      port: behind.port,
      servername: 'gateway-1.example',
      ALPNProtocols: [ALPN.exchange],
      ...clientTlsWithoutAuthority(),
    });
    for (const each of [socket, onward]) each.on('error', () => {});
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
  });
  return { address: await listening(server), close: () => server.close() };
}

test('a box that opens TLS between device and gateway is seen by its key', async () => {
  const between = await box(await newTlsIdentity('box'), field.gateway.address);
  await assert.rejects(field.open(between.address, GATEWAY), coded('untrusted_peer'));
  between.close();
});

test('a box that has even the gateway’s TLS key is seen by the exporter', async () => {
  const between = await box(field.gatewayComponent.tls, field.gateway.address);
  const device = field.device();
  const channel = await field.open(between.address, GATEWAY);
  assert.equal((await refusedWith(channel.present(presentLease(field, device, channel), 5_000))).code, 3020);
  between.close();
});

test('a component in the gateway’s place is refused by its statement', async () => {
  const [connector] = field.connectors;
  assert.ok(connector);
  await assert.rejects(field.open(connector.address, GATEWAY), coded('untrusted_peer'));
  await assert.rejects(field.open(field.gateway.address, { ...GATEWAY, id: 'gateway-2' }), coded('untrusted_peer'));
});

test('B-G4a a rendezvous id works once, and an unknown one not at all', async () => {
  const device = field.device();
  const channel = await openGateway();
  const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  attached(answer);
  assert.equal(grant.meeting.route, 'rendezvous');
  await assert.rejects(field.attach(device, grant, field.gateway.address), coded('unavailable'));
  await assert.rejects(
    field.open(field.gateway.address, { roles: ['session-host'] }, { serverName: rendezvousName('0'.repeat(32)) }),
    coded('unavailable'),
  );
  session.close();
});

test('a session host is refused at a meeting that nobody opened, and other components at any', async () => {
  const leg = async (component: Parameters<typeof identityOf>[0]) => {
    const channel = await field.open(field.gateway.address, GATEWAY, { alpn: ALPN.rendezvous });
    return presentAndExpectReady(channel, identityOf(component), field.now(), '0'.repeat(32));
  };
  await assert.rejects(leg(field.hostComponent), coded('not_found'));
  const [connector] = field.connectors;
  assert.ok(connector);
  await assert.rejects(leg(connector.component), coded('untrusted_peer'));
});

test('B-G4a at a meeting only the session host of the grant is joined with the device', async () => {
  const rogue = await field.component('session-host', 'zurich-host-9', 'zurich');
  const device = field.device();
  const channel = await openGateway();
  const grant = granted(await channel.present(presentLease(field, device, channel), 5_000));
  assert.ok(grant.meeting.route === 'rendezvous');
  const { id } = grant.meeting;
  const leg = await field.open(field.gateway.address, GATEWAY, { alpn: ALPN.rendezvous });
  await assert.rejects(presentAndExpectReady(leg, identityOf(rogue), field.now(), id), coded('not_found'));
  const { channel: session, answer } = await field.attach(device, grant, field.gateway.address);
  attached(answer);
  session.close();
});

test('B-G1a a blocked device is refused by the gateway itself, with the last list that any peer brought', async (t) => {
  const blocked = await openField();
  t.after(() => blocked.close());
  await blocked.settled();
  const device = blocked.device();
  const lease = blocked.lease(device);
  const target = { kind: 'device' as const, jkt: device.jkt };
  const now = blocked.now();
  blocked.gatewayComponent.tell([{ target, from: now - 1, until: now + 3_600, forget: now + 90_000 }], 2);
  const [connector] = blocked.connectors;
  assert.ok(connector);
  await untilHolds(() => connector.component.trust().list?.version === 2 && blocked.hostComponent.trust().list?.version === 2);
  const channel = await blocked.open(blocked.gateway.address, GATEWAY);
  assert.deepEqual(await refusedWith(channel.present(presentLease(blocked, device, channel, lease), 5_000)), {
    code: 3022,
    retryable: false,
  });
});

/** zurich-connector-0 has a control channel to the gateway and says nothing on it. The answer to a lease of it and the connectors of `beside`. */
async function withHungConnector(beside: Field) {
  const silent = await beside.component('connector', 'zurich-connector-0', 'zurich');
  const control = await beside.open(beside.gateway.address, GATEWAY);
  await presentAndExpectReady(control, identityOf(silent), beside.now());
  const device = beside.device();
  const connectors = [{ id: 'zurich-connector-0', address: { host: HERE, port: 1 } }, ...beside.location.connectors];
  const { files } = beside.world.leaseFor(device, { locations: [{ ...beside.location, connectors }] });
  const channel = await beside.open(beside.gateway.address, GATEWAY);
  return channel.present(presentLease(beside, device, channel, beside.world.shownFiles(device, files)), 5_000);
}

test('a connector that hangs is not waited for: the other one brokers', async (t) => {
  const beside = await openField({ connectors: 1 });
  t.after(() => beside.close());
  await beside.settled();
  granted(await withHungConnector(beside));
});

test('a location whose connectors all hang is refused with 3021, retryable, and known to hang from then on', async (t) => {
  const alone = await openField({ connectors: 0 });
  t.after(() => alone.close());
  assert.deepEqual(await refusedWith(withHungConnector(alone)), { code: 3021, retryable: true });
  assert.equal(await alone.gateway.checks.find(({ name }) => name === 'connectors')?.run(), 'No connector answers.');
});

test('without a live connector the refusal is 3021 and retryable', async () => {
  const device = field.device();
  const elsewhere = { ...field.location, connectors: [{ id: 'zurich-connector-7', address: { host: HERE, port: 1 } }] };
  const lease = field.world.shownFiles(device, field.world.leaseFor(device, { locations: [elsewhere] }).files);
  const channel = await openGateway();
  assert.deepEqual(await refusedWith(channel.present(presentLease(field, device, channel, lease), 5_000)), { code: 3021, retryable: true });
});

test('an oversized frame, and one that is no present, are refused', async () => {
  for (const [frame, code] of [
    [Buffer.from([0x7f, 0xff, 0xff, 0xff]), 'too_large'],
    [Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{}')]), 'bad_request'],
  ] as const) {
    const channel = await openGateway();
    const raw = channel.raw();
    raw.write(frame);
    assert.equal((await refusedWith(framesOver(raw).next() as Promise<{ type: string }>)).code, code);
  }
});

test('B-G4c a flood from one source is cut off before any cryptography, and a device behind the same address gets in', async (t) => {
  const flooded = await openField({ rateLimits: { perSecond: 1_000, burst: 1_000, pendingPerSource: 8, pendingTotal: 100 } });
  t.after(() => flooded.close());
  await flooded.settled();
  const sockets = Array.from({ length: 20 }, () => connectTcp({ ...flooded.gateway.address }).on('error', () => {}));
  await untilHolds(() => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length >= 12);
  const device = flooded.device();
  const channel = await flooded.open(flooded.gateway.address, GATEWAY);
  granted(await channel.present(presentLease(flooded, device, channel), 5_000));
  for (const socket of sockets) socket.destroy();
});

test('nothing that is thrown at a port ends the service', async () => {
  const ports = [field.gateway.address, field.host.address, ...field.connectors.map(({ address }) => address)];
  const throwAt = (address: Address, bytes: Uint8Array) =>
    new Promise<void>((resolve) => {
      const socket = connectTcp({ ...address }, () => socket.end(bytes));
      socket
        .on('error', () => {})
        .on('close', () => resolve())
        .resume();
      setTimeout(() => socket.destroy(), 2_000).unref();
    });
  const noise = fc.sample(fc.uint8Array({ maxLength: 600 }), 12);
  const texts = ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00'].map((text) =>
    Buffer.from(text, 'latin1'),
  );
  await Promise.all(ports.flatMap((address) => [...noise, ...texts].map((bytes) => throwAt(address, bytes))));
  const inside = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), 8);
  for (const bytes of inside) {
    const channel = await openGateway();
    channel.raw().end(bytes);
    await new Promise((resolve) => channel.raw().resume().once('close', resolve));
  }
  const device = field.device();
  const channel = await openGateway();
  granted(await channel.present(presentLease(field, device, channel), 5_000));
});

test('connections that are reset at any moment of their beginning end nothing else', async () => {
  const resetAfter = (events: number, alpn: string) =>
    new Promise<void>((resolve) => {
      const raw = connectTcp({ ...field.gateway.address });
      let seen = 0;
      const onward = connect({ socket: raw, servername: 'gateway-1.example', ALPNProtocols: [alpn], ...clientTlsWithoutAuthority() });
      raw.on('error', () => {}).on('close', () => resolve());
      onward.on('error', () => {});
      const count = () => {
        seen += 1;
        if (seen >= events) raw.resetAndDestroy();
      };
      raw.on('connect', count);
      onward.on('secureConnect', count).on('data', count);
    });
  for (const alpn of Object.values(ALPN)) for (const events of [1, 2, 3]) await resetAfter(events, alpn);
  const leg = await field.open(field.gateway.address, GATEWAY, { alpn: ALPN.rendezvous });
  leg.close();
  const channel = await openGateway();
  channel.close();
});

test('only TLS 1.3 is spoken, and no session is ever resumed', async () => {
  const { host, port } = field.gateway.address;
  const options = { host, port, servername: 'gateway-1.example', ALPNProtocols: [ALPN.exchange], rejectUnauthorized: false };
  const older = connect({ ...options, maxVersion: 'TLSv1.2' });
  await new Promise((resolve) => older.on('error', () => {}).once('close', resolve));
  assert.equal(older.getProtocol(), null);
  const first = connect({ ...options, minVersion: 'TLSv1.3' });
  let session: Buffer | undefined;
  first.on('session', (given: Buffer) => {
    session = given;
  });
  await new Promise((resolve) => first.once('data', resolve));
  first.destroy();
  const second = connect({ ...options, minVersion: 'TLSv1.3', ...(session !== undefined && { session }) });
  await new Promise((resolve) => second.once('data', resolve));
  assert.equal(second.isSessionReused(), false);
  assert.ok(second.getPeerX509Certificate());
  second.destroy();
});

test('a device that says nothing after the hello is only a probe', async () => {
  const channel = await openGateway();
  assert.equal(channel.statement.id, 'gateway-1');
  channel.close();
  const device = field.device();
  const again = await openGateway();
  assert.notEqual(again.hello.nonce, channel.hello.nonce);
  assert.notEqual(again.ekm, channel.ekm);
  assert.ok(proofOn(again, device, 'launch', 'x', field.now()));
  again.close();
});
