/** `holdfast admin ...` against a running root of trust. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { ADMIN_TOKEN, startRoot } from '../../../services/service-in-process.ts';
import { temporaryFolder } from '../../../services/temporary-folder.ts';
import { holdfast } from '../../holdfast-command.ts';

test('B-L5 the administrator’s token comes from a file, standard input or the environment', async (t) => {
  const { ref } = await startRoot(t);
  const server = ['--url', ref.url, '--tls-pin', ref.tlsPin];
  const file = join(await temporaryFolder(t), 'token');
  writeFileSync(file, `${ADMIN_TOKEN}\n`);
  const byFile = await holdfast(['admin', 'block', '--group', 'Staff', '--days', '2', ...server, '--token-file', file]);
  assert.match(byFile.stdout, /group Staff .* UTC to .* UTC\n$/u);
  const [id = ''] = byFile.stdout.split(' ');
  const byInput = await holdfast(['admin', 'blocks', ...server, '--token-file', '-'], { input: ADMIN_TOKEN });
  assert.equal(byInput.stdout, byFile.stdout);
  const env = { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN };
  assert.equal((await holdfast(['admin', 'unblock', id, ...server], { env })).stdout, 'Nobody is blocked.\n');
});

test('B-L6 components are listed, revoked and removed by name', async (t) => {
  const root = await startRoot(t);
  await root.component('gateway', 'gateway-1');
  await root.component('connector', 'bern-1', 'bern');
  const admin = async (...args: readonly string[]) =>
    holdfast(['admin', 'components', ...args, '--url', root.ref.url, '--tls-pin', root.ref.tlsPin], {
      env: { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN },
    });
  assert.match(
    (await admin('list')).stdout,
    /^connector bern-1 \(bern\)\n {2}\S{43} {2}current, by enrolment, .*\ngateway gateway-1\n.*current/u,
  );
  assert.match((await admin('revoke', 'connector', 'bern-1')).stdout, /^connector bern-1 \(bern\)\n.*withdrawn/u);
  assert.doesNotMatch((await admin('remove', 'connector', 'bern-1')).stdout, /bern-1/u);
  assert.match((await admin('remove', 'connector', 'bern-1')).stderr, /No component "connector bern-1" is enrolled/u);
});

test('a server that is half named, a missing or wrong token, another key and a silent address are refused in words', async (t) => {
  const { ref } = await startRoot(t);
  const asked = async (env: NodeJS.ProcessEnv, ...flags: readonly string[]) => {
    const { status, stderr } = await holdfast(['admin', 'blocks', ...flags], { env: { HOLDFAST_ADMIN_TOKEN: '', ...env } });
    assert.equal(status, 1);
    return stderr;
  };
  const good = { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN };
  assert.match(await asked(good, '--url', ref.url), /Missing --url or --tls-pin/u);
  assert.match(await asked({}, '--url', ref.url, '--tls-pin', ref.tlsPin), /--token-file FILE/u);
  assert.match(await asked({}, '--url', ref.url, '--tls-pin', ref.tlsPin, '--token-file', '/nowhere'), /\/nowhere can’t be read/u);
  assert.match(
    await asked({ HOLDFAST_ADMIN_TOKEN: 'x'.repeat(30) }, '--url', ref.url, '--tls-pin', ref.tlsPin),
    /token is missing or incorrect/u,
  );
  assert.match(await asked(good, '--url', ref.url, '--tls-pin', ref.rootPin), /has another TLS key than the pin says/u);
  assert.match(await asked(good, '--url', 'https://127.0.0.1:1', '--tls-pin', ref.tlsPin), /at https:\/\/127\.0\.0\.1:1 didn’t answer/u);
});
