import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, before, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Grant } from '#protocol/lease';
import { newId } from '#runtime/jose/sign';
import { untilHolds } from '../../../until.ts';
import { grantClaims } from '../../../vectors/world.ts';
import { attached, type Device, type Field, granted, openField, presentLease, proofOn } from '../../whole-location.ts';

let field: Field;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-sign-on-'));
before(async () => {
  field = await openField();
  await field.settled();
});
after(async () => {
  await field.close();
  await rm(folder, { recursive: true });
});

async function attachWith(device: Device, change: Partial<Grant>, prover = device, host = field.host) {
  const [connector] = field.connectors;
  assert.ok(connector);
  const grant = connector.component.signer.sign(
    TYP.grant,
    grantClaims(device, { aud: 'zurich-host-1', iat: field.now(), exp: field.now() + 60, ...change }),
  );
  const channel = await field.open(host.address, { roles: ['session-host'] });
  const proof = proofOn(channel, prover, 'attach', grant, field.now());
  const present = {
    type: 'present',
    op: 'attach',
    correlationId: '7f3a91c2',
    key: device.signer.publicKey,
    proof,
    grant,
    statement: connector.component.statement(),
  } as const;
  return { channel, present, answer: await channel.present(present, 5_000) };
}
async function refusal(device: Device, change: Partial<Grant>, prover = device) {
  const { answer } = await attachWith(device, change, prover);
  assert.ok(answer.type === 'refusal', JSON.stringify(answer));
  return answer.error.code;
}

test('a grant of a connector of the location attaches', async () => {
  const { channel, answer } = await attachWith(field.device(), {});
  assert.equal(attached(answer).protocol, 'rdp');
  channel.close();
});

test('a grant for another host, another device, too old, or proven by another key is 3020', async () => {
  const [device, other] = [field.device(), field.device()];
  assert.equal(await refusal(device, { aud: 'zurich-host-2' }), 3020);
  assert.equal(await refusal(device, { location: 'bern' }), 3020);
  assert.equal(await refusal(device, { cnf: { jkt: other.jkt } }), 3020);
  assert.equal(await refusal(device, { iat: field.now() - 200, exp: field.now() - 140 }), 3020);
  assert.equal(await refusal(device, {}, other), 3020);
});

test('a grant is good once, and both attempts are counted', async () => {
  const device = field.device();
  const jti = 'j'.repeat(22);
  const counted = async (mode: string, outcome: string) =>
    (await field.figure('host', `holdfast_session_host_attachments_total{mode="${mode}",outcome="${outcome}"}`)) || 0;
  const before = [await counted('lease', 'attached'), await counted('unknown', '3022')];
  const { channel } = await attachWith(device, { jti });
  assert.equal(await refusal(device, { jti }), 3022);
  assert.deepEqual(
    [await counted('lease', 'attached'), await counted('unknown', '3022')],
    before.map((count) => count + 1),
  );
  channel.close();
});

for (const [when, ahead] of [
  ['issued before it', 0],
  ['dated ahead of the session host’s clock', 20],
] as const) {
  test(`a grant ${when} that was used is refused after the session host’s restart`, async () => {
    const device = field.device();
    const grant = { jti: newId(), iat: field.now() + ahead, exp: field.now() + ahead + 60 };
    const { channel, answer } = await attachWith(device, grant);
    attached(answer);
    channel.close();
    const again = await field.startHost();
    field.clock.seconds += 3;
    const { answer: second } = await attachWith(device, grant, device, again);
    assert.ok(second.type === 'refusal', JSON.stringify(second));
    assert.equal(second.error.reason, 'older-than-host');
    const fresh = await attachWith(device, { iat: field.now() + ahead, exp: field.now() + ahead + 60 }, device, again);
    assert.equal(attached(fresh.answer).protocol, 'rdp');
    fresh.channel.close();
  });
}

test('a kind of session that this host does not serve is 3026', async () => {
  assert.equal(
    await refusal(field.device(), { resource: { feed: 'apps', id: 'shell', name: 'Shell', kind: 'app', protocol: 'ssh' } }),
    3026,
  );
});

test('a session server that is not there is 3026', async (t) => {
  const broken = await openField({ server: { target: { socket: join(folder, 'nothing.sock') } } });
  t.after(() => broken.close());
  await broken.settled();
  const device = broken.device();
  const channel = await broken.open(broken.gateway.address, { roles: ['gateway'] });
  const { answer } = await broken.attach(
    device,
    granted(await channel.present(presentLease(broken, device, channel), 5_000)),
    broken.gateway.address,
  );
  assert.ok(answer.type === 'refusal');
  assert.equal(answer.error.code, 3026);
});

test('B-L5e a running session ends when its bearer is blocked, by whatever peer the list comes', async (t) => {
  const blocked = await openField();
  t.after(() => blocked.close());
  await blocked.settled();
  const [mara, other] = [blocked.device(), blocked.device()];
  const sessions: Duplex[] = [];
  for (const device of [mara, other]) {
    const channel = await blocked.open(blocked.gateway.address, { roles: ['gateway'] });
    const grant = granted(await channel.present(presentLease(blocked, device, channel), 5_000));
    const { channel: session, answer } = await blocked.attach(device, grant, blocked.gateway.address);
    attached(answer);
    session.raw().resume();
    sessions.push(session.raw());
  }
  const now = blocked.now();
  blocked.gatewayComponent.tell(
    [{ target: { kind: 'device', jkt: mara.jkt }, from: now - 1, until: now + 3_600, forget: now + 90_000 }],
    2,
  );
  await untilHolds(() => sessions[0]?.readableEnded === true);
  assert.equal(sessions[1]?.readableEnded, false);
});

test('B-R14d somebody without an account there is refused before the session server hears of it', async (t) => {
  let heard = 0;
  const mapped = await openField({
    server: { signOn: { kind: 'ask', account: { domain: 'fabrikam.example', template: '{upn.local}' } } },
    serve: () => {
      heard += 1;
    },
  });
  t.after(() => mapped.close());
  await mapped.settled();
  const device = mapped.device();
  const channel = await mapped.open(mapped.gateway.address, { roles: ['gateway'] });
  const grant = granted(await channel.present(presentLease(mapped, device, channel), 5_000));
  const { answer } = await mapped.attach(device, grant, mapped.gateway.address);
  assert.ok(answer.type === 'refusal');
  assert.deepEqual([answer.error.code, answer.error.reason], [3026, 'no-account']);
  assert.equal(heard, 0);
});
