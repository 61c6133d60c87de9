/** What a device learns to sign on with: for one person's own account, for one session. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from '#protocol/parse';
import { SessionServer } from '#protocol/session-server';
import { newTlsIdentity } from '#runtime/tls/certificate';
import { accountFor, signOnFor } from '../../../services/session-host/sign-on.ts';
import { sshCertificate } from '../../../services/session-host/ssh-certificate.ts';
import { until } from '../../until.ts';
import { grantClaims, MARA, newDevice } from '../../vectors/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-sign-on-'));
after(() => rm(folder, { recursive: true }));

const target = { host: '127.0.0.1', port: 1 };
const account = { domain: 'contoso.example', template: '{upn.local}' };
const mara = grantClaims(newDevice());
const noah = grantClaims(newDevice(), { user: { ...MARA, subject: 'noah-0123456789', upn: 'noah@contoso.example' } });

/** A helper that tells when it has taken back what it gave. */
function helperThat(says: string): { readonly helper: string[]; readonly takenBack: () => number } {
  const marks = mkdtempSync(join(folder, 'marks-'));
  const script = `read -r account; ${says}; cat > /dev/null; : > ${marks}/$$`;
  return { helper: ['/bin/sh', '-c', script], takenBack: () => readdirSync(marks).length };
}

test('B-N9a two people are told two accounts and two passwords, each taken back when it was used', async () => {
  const { helper, takenBack } = helperThat('echo "$account$$" | tr -dc "a-z2-9"; echo abcdefgh');
  const server: SessionServer = { protocol: 'rdp', target, signOn: { kind: 'one-time', account, helper } };
  const [hers, his] = await Promise.all([mara, noah].map((grant) => signOnFor(server, accountFor(server, grant), undefined, grant)));
  assert.ok(hers && his);
  assert.deepEqual([hers.tell.user, his.tell.user], ['mara.keller', 'noah']);
  assert.notEqual(hers.tell.password, his.tell.password);
  assert.equal(takenBack(), 0);
  hers.spend();
  await until('hers is taken back', () => takenBack() === 1);
  hers.spend();
  his.spend();
  await until('his is taken back', () => takenBack() === 2);
});

test('a helper that fails, says nothing sensible or is not there gives no session, and its answer is in no error', async () => {
  for (const helper of [helperThat('exit 1').helper, helperThat('echo "Secret Password"').helper, ['/nowhere/helper']]) {
    const server: SessionServer = { protocol: 'rdp', target, signOn: { kind: 'one-time', account, helper } };
    const refused = await signOnFor(server, 'mara.keller', undefined, mara).then(
      () => assert.fail('gave one'),
      (error: unknown) => error,
    );
    assert.ok(refused instanceof Error && 'code' in refused);
    assert.equal(refused.code, 3026);
    assert.doesNotMatch(`${refused.stack} ${String(refused.cause)}`, /Secret/u);
  }
});

test('B-R14c no session server has one password for everybody', () => {
  const shared = { protocol: 'vnc', target, signOn: { kind: 'account', user: 'kiosk', password: { value: 'secret' } } };
  assert.throws(() => parse(SessionServer, shared, 'bad_config'), { code: 'bad_config' });
});

test('B-R14e the SSH key of a session is certified for its person’s account alone, for a minute, and nothing stays on the disk', async () => {
  const ca = join(folder, 'ca');
  const key = join(folder, 'device');
  for (const path of [ca, key]) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path]);
  const sshKey = execFileSync('ssh-keygen', ['-y', '-f', key]).toString().trim();
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-cert-')).length;
  const server: SessionServer = { protocol: 'ssh', target, signOn: { kind: 'certificate', account, caKey: ca } };
  const { tell } = await signOnFor(server, accountFor(server, mara), sshKey, mara);
  assert.equal(tell.user, 'mara.keller');
  writeFileSync(join(folder, 'device-cert.pub'), tell.sshCertificate ?? '');
  const shown = execFileSync('ssh-keygen', ['-L', '-f', join(folder, 'device-cert.pub')]).toString();
  assert.match(shown, /Key ID: "holdfast:mara-0123456789:7f3a91c2"/u);
  assert.match(shown, /Principals:\s+mara\.keller\s+Critical/u);
  const [, from = '', to = ''] = /Valid: from (\S+) to (\S+)/u.exec(shown) ?? [];
  assert.equal(Date.parse(to) - Date.parse(from), 90_000, '30 s for a slow clock, 60 s to sign on');
  assert.match(shown, /permit-pty/u);
  assert.doesNotMatch(shown, /forwarding/u);
  assert.equal(readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-cert-')).length, before);
  for (const wrong of ['-oProxyCommand=x', 'root', 'a,root'])
    await assert.rejects(sshCertificate({ caKey: ca, sshKey, account: wrong, grant: mara }), { code: 3026, reason: 'no-account' });
  await assert.rejects(sshCertificate({ caKey: join(folder, 'none'), sshKey, account: 'mara', grant: mara }), { code: 3026 });
  await assert.rejects(signOnFor(server, 'mara', undefined, mara), { code: 3026, reason: 'no-device-key' });
});

test('B-R14f where people bring their own credentials, the viewer is told how to recognise the server and whom to ask for, and nothing to sign on with', async () => {
  const { cert } = await newTlsIdentity('rdp');
  writeFileSync(join(folder, 'rdp.pem'), cert);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'root@server', '-f', join(folder, 'host')]);
  const rdp: SessionServer = { protocol: 'rdp', target, rdpCertificate: join(folder, 'rdp.pem'), signOn: { kind: 'ask', account } };
  assert.deepEqual((await signOnFor(rdp, accountFor(rdp, mara), undefined, mara)).tell, {
    rdpFingerprint: new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase(),
    user: 'mara.keller',
  });
  const ssh: SessionServer = { protocol: 'ssh', target, sshHostKey: join(folder, 'host.pub'), signOn: { kind: 'ask' } };
  const sshHostKey = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  assert.deepEqual((await signOnFor(ssh, accountFor(ssh, mara), undefined, mara)).tell, { sshHostKey });
  // What a server insists on is told, where its protocol has such a thing.
  const strict = (protocol: 'rdp' | 'vnc' | 'ssh'): SessionServer => ({ protocol, target, nla: true, tls: true, signOn: { kind: 'ask' } });
  const manners = ['rdp', 'vnc', 'ssh'] as const;
  const tellings = await Promise.all(manners.map(async (protocol) => (await signOnFor(strict(protocol), undefined, undefined, mara)).tell));
  assert.deepEqual(tellings, [{ nla: true }, { tls: true }, {}]);
});
