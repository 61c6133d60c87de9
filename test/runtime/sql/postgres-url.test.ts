import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { parsePostgresUrl } from '#runtime/sql/postgres-url';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const account = (url: string) => {
  const { user, password, database } = parsePostgresUrl(url).account;
  return [user, password, database];
};
const hosts = (url: string) => parsePostgresUrl(url).hosts.map(({ host, port }) => `${host} ${port}`);
const ssl = (query: string, host = 'localhost') => parsePostgresUrl(`postgres://u@${host}/d${query}`).hosts[0]?.ssl;
const refusal = (url: string) => {
  try {
    parsePostgresUrl(url);
  } catch (thrown) {
    assert.ok(thrown instanceof HoldfastError && thrown.code === 'bad_config', String(thrown));
    return thrown;
  }
  throw new Error('It was not refused.');
};

test('a password may have any character, encoded or as it is', () => {
  for (const password of ['#', 'a/b', '100%', '%zz', 'a?b', 'a@b', 'a@b/c', 'a@b?c', 'a:b', 'a b', 'p#a/s%s@w?o:r&d', 'ü€']) {
    assert.deepEqual(account(`postgres://app:${password}@h:5432/site`), ['app', password, 'site'], password);
    assert.deepEqual(
      account(`postgresql://app:${encodeURIComponent(password)}@h/site?sslmode=verify-full`),
      ['app', password, 'site'],
      password,
    );
  }
});

test('what is left out is left to the client', () => {
  assert.deepEqual(account('postgres://h'), [undefined, undefined, undefined]);
  assert.deepEqual(hosts('postgres:///site'), ['localhost undefined']);
});

test('a list of hosts is read in its order, addresses and folders of sockets among them', () => {
  assert.deepEqual(hosts('postgres://u:p@h1,h2:6432/d?target_session_attrs=read-write'), ['h1 undefined', 'h2 6432']);
  assert.deepEqual(hosts('postgres://u@[fd00::12]:5433,192.0.2.1/d'), ['fd00::12 5433', '192.0.2.1 undefined']);
  assert.deepEqual(hosts('postgres://u@%2Fvar%2Frun/d'), ['/var/run undefined']);
  assert.deepEqual(hosts('postgres:///d?host=/var/run,h2&port=5432,5433'), ['/var/run 5432', 'h2 5433']);
  assert.deepEqual(hosts('postgres:///d?host=h1,h2&port=6432'), ['h1 6432', 'h2 6432'], 'one port is that of all');
  assert.deepEqual(hosts('postgres://u@h1:5433,h2/d?port=6432'), ['h1 5433', 'h2 6432'], 'a host’s own comes first');
  assert.deepEqual(hosts('postgres://u@h1:1,h2:65535/d'), ['h1 1', 'h2 65535']);
});

test('sslmode checks what it means to libpq, and never less than who answers', async (t) => {
  const file = join(await temporaryFolder(t), 'ca.pem');
  writeFileSync(file, CERTIFICATE);
  assert.equal(ssl(''), undefined);
  assert.equal(ssl('?sslmode=disable'), false);
  assert.deepEqual(ssl('?sslmode=require'), ssl('?sslmode=verify-full'));
  for (const mode of ['require', 'verify-ca']) {
    const options = ssl(`?sslmode=${mode}&sslrootcert=${file}`);
    assert.ok(typeof options === 'object' && options.ca === CERTIFICATE && options.rejectUnauthorized !== false, mode);
    assert.equal(options.checkServerIdentity?.('any', {} as never), undefined);
  }
  for (const query of [`?sslmode=verify-full&sslrootcert=${file}`, `?sslrootcert=${encodeURIComponent(file)}`]) {
    const options = ssl(query);
    assert.ok(typeof options === 'object' && options.ca === CERTIFICATE && options.checkServerIdentity === undefined, query);
  }
  assert.ok(typeof ssl('?sslmode=verify-full&sslrootcert=system') === 'object');
});

test('B-I5c a database on another machine is reached over TLS with a checked certificate, or not at all', () => {
  assert.equal(ssl('', 'db.test'), true);
  assert.deepEqual(
    parsePostgresUrl('postgres://u@127.0.0.1,db.test/d').hosts.map((host) => host.ssl),
    [undefined, true],
  );
  for (const host of ['db.test', '192.0.2.7:5433', 'localhost.db.test', '127.0.0.1.db.test', 'localhost,db.test'])
    assert.equal(refusal(`postgres://u:hidden@${host}/d?sslmode=disable`).reason, 'database-plain', host);
  for (const host of ['localhost', '127.0.0.1', '[::1]', encodeURIComponent('/run/postgresql')])
    assert.equal(ssl('?sslmode=disable', host), false, host);
});

test('what is not understood is refused, and the refusal never shows the URL', async (t) => {
  const nonsense = join(await temporaryFolder(t), 'nonsense.pem');
  writeFileSync(nonsense, 'no certificate');
  const fields = {
    'host=h dbname=d': 'address',
    'mysql://app:hidden@h/d': 'address',
    'postgres://app:hidden@h:0/d': 'port',
    'postgres://app:hidden@h:65536/d': 'port',
    'postgres://app:hidden@h:port/d': 'host',
    'postgres://app:hidden@h/d?sslmode=prefer': 'sslmode',
    'postgres://app:hidden@h/d?sslmode=no-verify': 'sslmode',
    'postgres://app:hidden@h/d?ssl=false': 'ssl',
    'postgres://app:hidden@h/d?uselibpqcompat=true': 'uselibpqcompat',
    'postgres://app:hidden@h/d?sslmode=verify-ca': 'sslrootcert',
    'postgres://app:hidden@h/d?target_session_attrs=standby': 'target_session_attrs',
    'postgres://app:hidden@h/d?pgbouncer=true': 'pgbouncer',
    [`postgres://app:hidden@h/d?sslmode=verify-full&sslrootcert=${nonsense}`]: 'sslrootcert',
  };
  for (const [url, field] of Object.entries(fields)) {
    const { reason, params, message } = refusal(url);
    assert.deepEqual([reason, params['field']], ['database-url', field], url);
    assert.doesNotMatch(message, /hidden/u);
  }
  assert.equal(refusal('postgres://h/d?sslrootcert=/nowhere/ca.pem').reason, 'file-missing');
});

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUHSX5J0KIcVMNm6FOhJ1/d/zggEMwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTMwMTY0NzM5WhgPMjEyNjExMDYxNjQ3Mzla
MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdhEX0SY3
NaIgRYMU/SjdUbsmhtcUZZBZpItiesrLC31SB5o3G/imsQ193xam+hb5JzHUHwcP
Y90hVEyBHUdstqNTMFEwHQYDVR0OBBYEFN8EOKvse2IyzufmUTpP7EfPT6QPMB8G
A1UdIwQYMBaAFN8EOKvse2IyzufmUTpP7EfPT6QPMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIgPuEW7vr3ljZfQkq/bOiZeh/Su6Bwpj9vkrbEbjy9
G1wCIQDZO89uuqgXvScuMIe7BKJVI5EfBpic6CFnqz7VXJTJTQ==
-----END CERTIFICATE-----
`;
