import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostKeyIn } from '../../../services/session-host/ssh-host-key.ts';

/** A key of this type: its type's length and name, then so many bytes of the key itself. */
function keyOf(type: string, bytes = 32, fill = 7): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return `${type} ${Buffer.concat([length, Buffer.from(type), Buffer.alloc(bytes, fill)]).toString('base64')}`;
}
const ED25519 = keyOf('ssh-ed25519');
const ECDSA = keyOf('ecdsa-sha2-nistp256', 65);
const RSA = keyOf('ssh-rsa', 260);

test('a server’s key is read from each of its usual files', () => {
  assert.equal(hostKeyIn(`${ED25519} root@zurich-host-1\n`), ED25519);
  assert.equal(hostKeyIn(`# zurich-host-1:22 SSH-2.0-OpenSSH_9.6\nzurich-host-1 ${ED25519}\n`), ED25519);
  assert.equal(hostKeyIn(`  [127.0.0.1]:2222   ${ED25519}  \r\n`), ED25519);
});

test('of several keys the best type is told, in whatever order they stand', () => {
  for (const lines of [
    [RSA, ECDSA, ED25519],
    [ED25519, RSA, ECDSA],
  ])
    assert.equal(hostKeyIn(lines.join('\n')), ED25519);
  assert.equal(hostKeyIn([RSA, ECDSA].join('\n')), ECDSA);
  assert.equal(hostKeyIn([keyOf('ssh-ed25519', 32, 8), ED25519].join('\n')), keyOf('ssh-ed25519', 32, 8), 'of one type the first');
});

test('a comment, a marked key, a key of another type or half a key is none', () => {
  const content = ED25519.split(' ')[1] ?? '';
  for (const line of [
    '',
    `# ${ED25519}`,
    `#${ED25519}`,
    `@revoked * ${ED25519}`,
    `@cert-authority ${ED25519}`,
    `one two ${ED25519}`,
    'ssh-ed25519',
    `ssh-ed25519 ${RSA.split(' ')[1]}`,
    `ssh-ed25519 ${content.slice(0, 4)}`,
    'ssh-ed25519 AAA=',
    `ssh-ed25519 ${content}*`,
    `ssh-dss ${content}`,
  ])
    assert.equal(hostKeyIn(line), undefined, line);
});
