/** `holdfast admin ...` against a running root of trust. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { BlockReply, CLOUD, type SeenName } from '#protocol/cloud-api';
import { parse } from '#protocol/parse';
import { cloudCall } from '#runtime/http/cloud-client';
import { patience } from '../../../patience.ts';
import { ADMIN_TOKEN, startRoot } from '../../../services/service-in-process.ts';
import { temporaryFolder } from '../../../services/temporary-folder.ts';
import { holdfast } from '../../holdfast-command.ts';

test('the administrator’s token comes from a file, standard input or the environment', async (t) => {
  const { ref } = await startRoot(t);
  const server = ['--url', ref.url, '--tls-pin', ref.tlsPin];
  const file = join(await temporaryFolder(t), 'token');
  writeFileSync(file, `${ADMIN_TOKEN}\n`);
  const byFile = await holdfast(['admin', 'block', '--group', 'Staff', '--days', '2', '--anyway', ...server, '--token-file', file]);
  const [said = '', listed = ''] = byFile.stdout.split('\n');
  assert.equal(said, 'Blocked: group Staff. Nobody has been seen with it.');
  assert.match(listed, /^\S+ {2}group Staff .* UTC to .* UTC$/u);
  const [id = ''] = listed.split(' ');
  const byInput = await holdfast(['admin', 'blocks', ...server, '--token-file', '-'], { input: ADMIN_TOKEN });
  assert.equal(byInput.stdout, `${listed}\n`);
  const env = { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN };
  assert.equal((await holdfast(['admin', 'unblock', id, ...server], { env })).stdout, 'Nobody is blocked.\n');
});

test('B-L5h, B-L5i a block that means nobody is refused in words; one of a person says who that is, when last seen, and is listed by name', async (t) => {
  const root = await startRoot(t);
  const workspace = await root.component('workspace', 'workspace');
  const names: SeenName[] = [{ kind: 'user', subject: 'subject-of-mara', upn: 'mara@test.localhost' }];
  const options = { signal: new AbortController().signal, deadlineMs: patience(5_000) };
  await cloudCall(workspace, root.ref.url, CLOUD.tellNames, { names }, options);
  const admin = async (...args: readonly string[]) =>
    holdfast(['admin', ...args, '--url', root.ref.url, '--tls-pin', root.ref.tlsPin], { env: { HOLDFAST_ADMIN_TOKEN: ADMIN_TOKEN } });

  const misspelled = await admin('block', '--group', 'Stafff', '--days', '3');
  assert.equal(misspelled.status, 1);
  assert.match(misspelled.stderr, /^not_found: .*"Stafff" is known.*--anyway/u);
  assert.match((await admin('block', '--user', 'mara@test', '--days', '3')).stderr, /Nobody is known as "mara@test"/u);
  assert.equal((await admin('blocks')).stdout, 'Nobody is blocked.\n');

  const block = await admin('block', '--user', 'Mara@test.localhost', '--days', '3');
  const [said, listed] = block.stdout.split('\n');
  assert.match(said ?? '', /^Blocked: user subject-of-mara \(mara@test\.localhost\), last seen \S+ \S+ UTC\.$/u);
  assert.match(listed ?? '', /^[0-9a-f]{16} {2}user subject-of-mara \(mara@test\.localhost\) {2}.* UTC to .* UTC$/u);
  const asJson = parse(BlockReply, JSON.parse((await admin('block', '--user', 'subject-of-mara', '--days', '4', '--json')).stdout));
  assert.deepEqual(asJson.added, [asJson.entries.at(-1)?.id]);
  assert.equal(asJson.entries.at(-1)?.known?.as, 'mara@test.localhost');
});

test('components are listed, revoked and removed by name', async (t) => {
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
