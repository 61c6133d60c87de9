import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postgresDialect } from '#runtime/sql/postgres';
import { refusedWith } from '../../refused-with.ts';

const open = (url: string) => postgresDialect(url, () => {});

test('B-I5c a database on another machine is reached over TLS with a checked certificate, or not at all', async () => {
  for (const url of ['postgres://holdfast@db.test/holdfast', 'postgres://holdfast:secret@192.0.2.7:5433/holdfast?sslmode=verify-full'])
    assert.ok(await open(url), url);
  for (const mode of ['sslmode=disable', 'sslmode=no-verify', 'ssl=false', 'ssl=0', 'uselibpqcompat=true&sslmode=require'])
    await assert.rejects(open(`postgres://holdfast:secret@db.test/holdfast?${mode}`), refusedWith('bad_config', /db\.test/u), mode);
});

test('on this machine itself a database may be reached without TLS', async () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', encodeURIComponent('/run/postgresql')])
    assert.ok(await open(`postgres://holdfast@${host}/holdfast?sslmode=disable`), host);
  for (const host of ['localhost.db.test', '127.0.0.1.db.test'])
    await assert.rejects(open(`postgres://holdfast@${host}/holdfast?sslmode=disable`), refusedWith('bad_config'), host);
});
