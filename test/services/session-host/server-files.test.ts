/** The files of a session host's configuration: in the forms in which people have them, and refused at the start rather than at a click. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { SessionServer } from '#protocol/session-server';
import { checkFiles, recognition } from '../../../services/session-host/server-files.ts';
import { hostKeyIn } from '../../../services/session-host/ssh-host-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
after(() => rm(folder, { recursive: true }));
const [ed25519, rsa] = ['ed25519', 'rsa'].map((type) => {
  const path = join(folder, type);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'root@server', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}) as [string, string];
const bare = (key: string) => key.split(' ').slice(0, 2).join(' ');

test('the host key is found in every form in which it is kept', () => {
  const scanned = ['# terminal.example:22 SSH-2.0-OpenSSH_9.2p1', `terminal.example ${bare(rsa)}`, `terminal.example ${bare(ed25519)}`];
  const forms: readonly (readonly [form: string, text: string])[] = [
    ['ssh_host_ed25519_key.pub', `${ed25519}\n`],
    ['ssh-keyscan', scanned.join('\n')],
    ['ssh-keyscan with a port', `[terminal.example]:2222 ${bare(ed25519)}\r\n`],
    ['ssh-keyscan -H', `|1|dGVzdA==|dGVzdA== ${bare(ed25519)}\n`],
    ['all keys of a server', `${rsa}\n${ed25519}\n`],
  ];
  for (const [form, text] of forms) assert.equal(hostKeyIn(text), bare(ed25519), form);
  assert.equal(hostKeyIn(`terminal.example ${bare(rsa)}`), bare(rsa), 'where there is no better one');
  for (const text of [
    '',
    '# nothing came',
    `# ${bare(ed25519)}`,
    `@revoked * ${bare(ed25519)}`,
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    bare(ed25519).replace('ssh-ed25519', 'ssh-rsa'),
    `from="*" restrict ${bare(ed25519)}`,
  ])
    assert.equal(hostKeyIn(text), undefined, text);
});

test('what ssh-keyscan prints of a real server is taken as its host key', async () => {
  const path = join(folder, 'scanned');
  writeFileSync(path, `# 127.0.0.1:22 SSH-2.0-OpenSSH_9.2p1 Debian-2\n127.0.0.1 ${bare(ed25519)}\n`);
  const server: SessionServer = { protocol: 'ssh', target: { socket: '/s' }, signOn: { kind: 'ask' }, sshHostKey: path };
  assert.deepEqual(await recognition(server), { sshHostKey: bare(ed25519) });
});

test('the start says which file is missing or holds something else', async () => {
  const path = (name: string, content: string, mode = 0o600) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };
  const caKey = join(folder, 'ed25519');
  const certificate = (key: string): Partial<SessionServer> => ({ signOn: { kind: 'certificate', account: { table: {} }, caKey: key } });
  const missing = join(folder, 'nowhere');
  const locked = path('locked', readFileSync(caKey, 'utf8'));
  execFileSync('ssh-keygen', ['-q', '-p', '-N', 'passphrase', '-f', locked]);
  const cases: readonly (readonly [reason: string, settings: Partial<SessionServer>, file: string])[] = [
    ['file-missing', { sshHostKey: missing }, missing],
    ['no-host-key', { sshHostKey: path('not-a-key', 'Welcome to terminal.example\n') }, join(folder, 'not-a-key')],
    ['file-unreadable', { sshHostKey: folder }, folder],
    ['file-missing', { rdpCertificate: missing }, missing],
    ['no-certificate', { rdpCertificate: path('not-pem', 'MIIC') }, join(folder, 'not-pem')],
    ['file-missing', certificate(missing), missing],
    ['ca-key', certificate(path('open', readFileSync(caKey, 'utf8'), 0o644)), join(folder, 'open')],
    ['ca-key', certificate(locked), locked],
    ['ca-key', certificate(path('public', ed25519)), join(folder, 'public')],
  ];
  for (const [reason, settings, file] of cases) {
    const server: SessionServer = { protocol: 'ssh', target: { socket: '/s' }, signOn: { kind: 'ask' }, ...settings };
    await assert.rejects(checkFiles([server]), {
      code: 'bad_config',
      reason,
      params: { path: file, ...(reason === 'file-unreadable' && { code: 'EISDIR' }) },
    });
  }
  await checkFiles([
    { protocol: 'ssh', target: { socket: '/s' }, signOn: { kind: 'ask' }, sshHostKey: `${caKey}.pub`, ...certificate(caKey) },
  ]);
});
