import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HoldfastError, toWireError } from '#protocol/errors';
import { wholeLine, wordsOf } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { people } from '#protocol/words/language';
import { ownerOfConnection } from '../../../native-host/session/own-connection.ts';
import { titleValue } from '../../../native-host/viewers/argument-values.ts';
import { findViewer, listViewers } from '../../../native-host/viewers/find.ts';
import { rdpViewer } from '../../../native-host/viewers/rdp.ts';
import { sshViewer } from '../../../native-host/viewers/ssh.ts';
import type { ViewerInput } from '../../../native-host/viewers/viewer.ts';
import { vncViewer } from '../../../native-host/viewers/vnc.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hf-view-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const SECRET = 'correct horse battery';
const at = (kind: 'socket' | 'port'): ViewerInput['door'] =>
  kind === 'socket' ? { kind, path: join(folder, 's') } : { kind, port: 40_000 };
const input = (kind: 'socket' | 'port', signOn: ViewerInput['signOn'], name = 'Ledger'): ViewerInput => ({
  folder,
  door: at(kind),
  resource: { feed: 'apps', id: 'ledger', name, kind: 'desktop', protocol: 'rdp' },
  signOn,
  key: { publicKey: 'ssh-ed25519 AAAA' },
});

test('FreeRDP gets the socket, the pinned fingerprint and the password by stdin', async () => {
  const plan = await rdpViewer('/usr/bin/xfreerdp', '/usr/bin/xterm').plan(
    input('socket', { user: 'mara', password: SECRET, rdpFingerprint: 'ab'.repeat(32) }),
  );
  assert.ok(plan.args.includes(`/v:${folder}/s`));
  assert.ok(plan.args.includes('/u:mara'));
  assert.ok(plan.args.includes('/from-stdin:force'));
  assert.ok(plan.args.includes(`/cert:deny,fingerprint:sha256:${Array(32).fill('ab').join(':')}`));
  assert.equal(plan.stdin, `${SECRET}\n`);
  assert.doesNotMatch(plan.args.join(' '), /horse/u);
});

test('FreeRDP without sign-on data leaves asking to the server', async () => {
  const plan = await rdpViewer('/usr/bin/xfreerdp', '/usr/bin/xterm').plan(input('socket', {}));
  assert.equal(
    plan.args.some((arg) => arg.startsWith('/u:') || arg.startsWith('/from-stdin')),
    false,
  );
  assert.equal(plan.stdin, undefined);
});

test('TigerVNC gets the socket, and the password by its environment', async () => {
  const plan = await vncViewer('/usr/bin/xtigervncviewer').plan(input('socket', { password: SECRET }));
  assert.equal(plan.args.at(-1), `${folder}/s`);
  assert.deepEqual(plan.env, { LANGUAGE: 'en', VNC_PASSWORD: SECRET });
  assert.doesNotMatch(plan.args.join(' '), /horse/u);
});

test('OpenSSH is pinned to the host key and shows the session’s own key alone', async () => {
  const sshHostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5';
  const sshCertificate = 'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQ=';
  const plan = await sshViewer('/usr/bin/ssh', '/usr/bin/xterm').plan(input('port', { user: 'mara', sshHostKey, sshCertificate }));
  assert.deepEqual(plan.args.slice(2, 12), ['-T', 'Ledger', '-e', '/usr/bin/ssh', '-F', '/dev/null', '-E', 'said', '-p', '40000']);
  assert.deepEqual(plan.args.slice(-4), ['-l', 'mara', '--', '127.0.0.1']);
  for (const option of [
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    'PermitLocalCommand=no',
    'IdentityFile=key',
    'CertificateFile=key-cert.pub',
    'UserKnownHostsFile=known_hosts',
  ]) {
    assert.ok(plan.args.includes(option), option);
  }
  assert.equal(await readFile(join(folder, 'known_hosts'), 'utf8'), `session-host.holdfast ${sshHostKey}\n`);
  assert.equal((await stat(join(folder, 'key-cert.pub'))).mode & 0o077, 0);
});

test('OpenSSH gets a password by its asking program, never as an argument', async () => {
  const plan = await sshViewer('/usr/bin/ssh', '/usr/bin/xterm').plan(input('port', { user: 'mara', password: SECRET }));
  assert.equal(plan.env?.['HOLDFAST_SSH_PASSWORD'], SECRET);
  assert.doesNotMatch(plan.args.join(' '), /horse/u);
  assert.doesNotMatch(await readFile(join(folder, 'ask'), 'utf8'), /horse/u);
});

const HOSTILE = ['-oProxyCommand=touch /tmp/x', '/app:calc', 'a\nb', 'a\0b', 'a b', "a'b", 'a"b', 'a,b', 'a\u2028b', '\u202ecba'];
for (const user of HOSTILE) {
  test(`a user name like ${JSON.stringify(user)} is refused by every viewer that takes one`, async () => {
    await assert.rejects(async () => sshViewer('/usr/bin/ssh', '/usr/bin/xterm').plan(input('port', { user })), { code: 3026 });
    await assert.rejects(async () => rdpViewer('/usr/bin/xfreerdp', '/usr/bin/xterm').plan(input('socket', { user, password: 'p' })), {
      code: 3026,
    });
  });
}

test('a password with a line break is refused: viewers read one line', async () => {
  await assert.rejects(
    async () => rdpViewer('/usr/bin/xfreerdp', '/usr/bin/xterm').plan(input('socket', { user: 'mara', password: 'a\nb' })),
    {
      code: 3026,
    },
  );
  await assert.rejects(async () => vncViewer('/usr/bin/xtigervncviewer').plan(input('socket', { password: 'a\0b' })), { code: 3026 });
});

test('an invalid host key or certificate is refused, not written', async () => {
  const viewer = sshViewer('/usr/bin/ssh', '/usr/bin/xterm');
  await assert.rejects(viewer.plan(input('port', { user: 'mara', sshHostKey: 'ssh-ed25519 AAAA\n@cert-authority * ssh-rsa BBBB' })), {
    code: 3026,
  });
  await assert.rejects(viewer.plan(input('port', { user: 'mara', sshCertificate: '-----BEGIN KEY-----' })), { code: 3026 });
});

test('a title is harmless whatever the resource is called', () => {
  assert.equal(titleValue('Ledger (Zürich)'), 'Ledger (Zürich)');
  assert.equal(titleValue('-e sh'), 'Holdfast');
  assert.equal(titleValue('a\u001b]0;x\u0007,/app:y'), 'a0xappy');
  assert.equal(titleValue('😀'), 'Holdfast');
});

test('B-N8f a viewer that is missing is named: to people what to ask for, to operators the package that has it', () => {
  const packages = { rdp: 'freerdp2-x11', vnc: 'tigervnc-viewer', ssh: 'openssh-client xterm' } as const;
  const names = { rdp: 'FreeRDP', vnc: 'TigerVNC', ssh: 'OpenSSH and xterm' } as const;
  for (const protocol of ['rdp', 'vnc', 'ssh'] as const) {
    const missing = (error: unknown) => {
      assert.ok(error instanceof HoldfastError && error.code === 'missing_viewer');
      const told = (to: Parameters<typeof wordsOf>[1]) => wholeLine(wordsOf(toWireError(error), to));
      assert.match(
        told(people),
        new RegExp(`^No viewer .* is installed\\. It is shown by ${names[protocol]}\\. Ask your service desk`, 'u'),
      );
      assert.match(told(everything), new RegExp(`Install ${names[protocol]} with: sudo apt install ${packages[protocol]}`, 'u'));
      return true;
    };
    assert.throws(() => findViewer(protocol, { [protocol]: '/nowhere/viewer' }), missing);
  }
  const listed = listViewers({ ssh: '/nowhere/ssh', vnc: 'vncviewer' });
  assert.deepEqual(
    listed.slice(0, 2).map(({ found }) => found),
    [false, false],
    'relative paths are not taken either',
  );
});

test('the kernel’s table tells whose connection it is', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:9C40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1',
    '   1: 0100007F:C351 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1001        0 2 1',
  ].join('\n');
  assert.equal(ownerOfConnection(table, 50_001, 40_000), 1001);
  assert.equal(ownerOfConnection(table, 50_002, 40_000), undefined);
});
