import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { after, before, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Grant } from '#protocol/lease';
import { newId } from '#runtime/jose/sign';
import { newTlsIdentity } from '#runtime/tls/certificate';
import { signOnFor } from '../../../../services/session-host/sign-on.ts';
import { sshCertificate } from '../../../../services/session-host/ssh-certificate.ts';
import { untilHolds } from '../../../until.ts';
import { grantClaims, MARA } from '../../../vectors/world.ts';
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

test('a grant is good once', async () => {
  const device = field.device();
  const jti = 'j'.repeat(22);
  const { channel } = await attachWith(device, { jti });
  assert.equal(await refusal(device, { jti }), 3022);
  channel.close();
});

for (const [when, ahead] of [
  ['issued before it', 0],
  ['dated ahead of the session host’s clock', 20],
] as const) {
  test(`B-L4 a grant ${when} that was used is refused after the session host’s restart`, async () => {
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

test('B-L5 a running session ends when its bearer is blocked, by whatever peer the list comes', async (t) => {
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

test('the SSH key of a session is certified for its account, for a minute, and nothing stays on the disk', async () => {
  const ca = join(folder, 'ca');
  const key = join(folder, 'device');
  for (const path of [ca, key]) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  const sshKey = execFileSync('ssh-keygen', ['-y', '-f', key]).toString().trim();
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-cert-')).length;
  const grant = { session: 's'.repeat(22), correlationId: '7f3a91c2', user: MARA };
  const certificate = await sshCertificate({ caKey: ca, sshKey, user: 'apps', grant });
  writeFileSync(join(folder, 'device-cert.pub'), certificate);
  const shown = execFileSync('ssh-keygen', ['-L', '-f', join(folder, 'device-cert.pub')]).toString();
  assert.match(shown, /Key ID: "holdfast:mara-0123456789:7f3a91c2"/u);
  assert.match(shown, /Principals:\s+apps/u);
  assert.match(shown, /permit-pty/u);
  assert.doesNotMatch(shown, /forwarding/u);
  assert.equal(readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-cert-')).length, before);
  await assert.rejects(sshCertificate({ caKey: ca, sshKey, user: '-oProxyCommand=x', grant }));
  await assert.rejects(sshCertificate({ caKey: join(folder, 'none'), sshKey, user: 'apps', grant }));
});

test('the viewer is told how to recognise the server and as whom to sign on', async () => {
  const { cert } = await newTlsIdentity('rdp');
  writeFileSync(join(folder, 'rdp.pem'), cert);
  writeFileSync(join(folder, 'host.pub'), 'ssh-ed25519 AAAAC3Nz root@server\n');
  const grant = grantClaims(field.device());
  const target = { host: '127.0.0.1', port: 1 };
  const account = { kind: 'account', user: 'kiosk', password: { value: 'secret' } } as const;
  assert.deepEqual(
    await signOnFor({ protocol: 'rdp', target, rdpCertificate: join(folder, 'rdp.pem'), signOn: account }, undefined, grant),
    {
      rdpFingerprint: new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase(),
      user: 'kiosk',
      password: 'secret',
    },
  );
  const asking = await signOnFor(
    { protocol: 'ssh', target, sshHostKey: join(folder, 'host.pub'), signOn: { kind: 'ask' } },
    undefined,
    grant,
  );
  assert.deepEqual(asking, { sshHostKey: 'ssh-ed25519 AAAAC3Nz' });
  await assert.rejects(
    signOnFor({ protocol: 'ssh', target, signOn: { kind: 'certificate', user: 'apps', caKey: 'none' } }, undefined, grant),
  );
});
