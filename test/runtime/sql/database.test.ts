import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { sql as statement } from 'kysely';
import { HoldfastError } from '#protocol/errors';
import type { Database } from '#protocol/service-config';
import { readSecret } from '#runtime/service/config';
import { openDatabase } from '#runtime/sql/database';
import { databaseFault } from '#runtime/sql/faults';
import { SILENT } from '../../log.ts';
import { freshDatabase } from '../../postgres.ts';
import { sqliteDatabase, testDatabase } from '../../services/database.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

interface Tables {
  thing: { id: string; count: number; note: string | null };
}
/** SQLite's numbers for `pragma synchronous` */
const NORMAL = 1;
const FULL = 2;
const ONE = ['create table thing (id text primary key, count bigint not null, note text)'];
const TWO = [`insert into thing (id, count) values ('made-later', 2)`];

async function open(t: TestContext, config: Database, steps: readonly (readonly string[])[] = [ONE]) {
  const database = await openDatabase<Tables>(config, { service: 'test', steps }, { log: SILENT, secret: readSecret });
  let open = true;
  const close = async () => {
    if (open) await database.close();
    open = false;
  };
  t.after(close);
  return { ...database, close };
}

test('times in milliseconds come back as the numbers they were, nulls as nulls', async (t) => {
  const { sql } = await open(t, await testDatabase(t));
  const row = { id: 'a', count: 1_799_999_999_999, note: null };
  await sql.insertInto('thing').values(row).execute();
  assert.deepEqual({ ...(await sql.selectFrom('thing').selectAll().executeTakeFirst()) }, row);
});

test('steps that are missing are carried out once, and a newer database is refused', async (t) => {
  const config = await testDatabase(t);
  await (await open(t, config)).close();
  const second = await open(t, config, [ONE, TWO]);
  assert.equal((await second.sql.selectFrom('thing').selectAll().execute()).length, 1);
  await second.close();
  await (await open(t, config, [ONE, TWO])).close();
  await assert.rejects(open(t, config), (thrown) => thrown instanceof HoldfastError && thrown.reason === 'database-newer');
});

test('a transaction that fails leaves nothing behind', async (t) => {
  const { sql, exclusively } = await open(t, await testDatabase(t));
  const failing = exclusively('things', async (transaction) => {
    await transaction.insertInto('thing').values({ id: 'a', count: 1, note: null }).execute();
    throw new Error('in the middle');
  });
  await assert.rejects(failing, /in the middle/u);
  assert.deepEqual(await sql.selectFrom('thing').selectAll().execute(), []);
});

test('what is done exclusively is done one after the other, and others wait for it', async (t) => {
  const { sql, exclusively } = await open(t, await testDatabase(t));
  await sql.insertInto('thing').values({ id: 'a', count: 0, note: null }).execute();
  await Promise.all(
    Array.from({ length: 20 }, () =>
      exclusively('count', async (transaction) => {
        const { count } = await transaction.selectFrom('thing').select('count').executeTakeFirstOrThrow();
        await new Promise((resolve) => setImmediate(resolve));
        await transaction
          .updateTable('thing')
          .set({ count: count + 1 })
          .execute();
      }),
    ),
  );
  assert.equal((await sql.selectFrom('thing').select('count').executeTakeFirstOrThrow()).count, 20);
});

test('what may be kept soon is not flushed, and what comes after it is again', async (t) => {
  const file = join(await temporaryFolder(t), 'kept.sqlite');
  const { sql, exclusively } = await open(t, { kind: 'sqlite', file });
  const flushing = async (on: typeof sql) =>
    (await statement<{ synchronous: number }>`pragma synchronous`.execute(on)).rows[0]?.synchronous;
  for (let round = 0; round < 2; round++) {
    assert.equal(await exclusively('things', (transaction) => flushing(transaction), 'soon'), NORMAL);
    await assert.rejects(
      exclusively('things', () => Promise.reject(new Error('in the middle')), 'soon'),
      /in the middle/u,
    );
    assert.equal(await exclusively('things', (transaction) => flushing(transaction)), FULL);
  }
});

test('PostgreSQL is told for the one transaction', async (t) => {
  const { url, release } = await freshDatabase();
  t.after(release);
  const flushed = `${url}?options=${encodeURIComponent('-c synchronous_commit=on')}`;
  const { sql, exclusively, close } = await open(t, { kind: 'postgres', url: { value: flushed } });
  const flushing = async (on: typeof sql) =>
    (await statement<{ synchronous_commit: string }>`show synchronous_commit`.execute(on)).rows[0]?.synchronous_commit;
  assert.equal(await exclusively('things', (transaction) => flushing(transaction), 'soon'), 'off');
  assert.equal(await exclusively('things', (transaction) => flushing(transaction)), 'on');
  await close();
});

test('whoever waits for the connection when the database is closed is told, none waits for ever', async (t) => {
  const { sql, exclusively, close } = await open(t, { kind: 'sqlite', file: join(await temporaryFolder(t), 'waiting.db') });
  const holding = Promise.withResolvers<void>();
  const held = exclusively('things', () => holding.promise);
  const waiting = [1, 2, 3].map(() => sql.selectFrom('thing').selectAll().execute());
  const ended = Promise.allSettled([held, ...waiting]);
  await close();
  holding.resolve();
  assert.deepEqual(
    (await ended).map(({ status }) => status),
    ['rejected', 'rejected', 'rejected', 'rejected'],
  );
});

test('a database that can’t be reached is unavailable, and says whose', async (t) => {
  const config: Database = { kind: 'postgres', url: { value: 'postgres://nobody@127.0.0.1:1/none' } };
  await assert.rejects(
    open(t, config),
    (thrown) => thrown instanceof HoldfastError && thrown.code === 'unavailable' && /test/u.test(thrown.message),
  );
});

test('a file that cannot be opened is refused with its path, and the reason is behind it', async (t) => {
  const folder = await temporaryFolder(t);
  const inFile = join(folder, 'file', 'test.sqlite');
  writeFileSync(dirname(inFile), '');
  for (const [file, why] of [
    [inFile, /EEXIST/u],
    [folder, /unable to open database file/u],
  ] as const) {
    await assert.rejects(
      open(t, { kind: 'sqlite', file }),
      (thrown) => thrown instanceof HoldfastError && thrown.reason === 'database-file' && why.test(String(thrown.cause)),
    );
  }
});

test('a full database says so, where it is asked and in its health', async (t) => {
  const { sql, check } = await open(t, await sqliteDatabase(t));
  assert.equal(await check(), undefined);
  await statement`pragma max_page_count = 1`.execute(sql);
  const note = 'x'.repeat(100_000);
  const write = sql.insertInto('thing').values({ id: 'a', count: 1, note }).execute();
  await assert.rejects(write, (thrown) => databaseFault(thrown) === 'database-full');
});

test('an instance that hangs does not hold the others up: PostgreSQL ends what stands still', async (t) => {
  const { url, release } = await freshDatabase();
  t.after(release);
  const { exclusively, close } = await open(t, { kind: 'postgres', url: { value: url } });
  const settings = statement<{ name: string; setting: string }>`select name, setting from pg_settings
    where name in ('statement_timeout', 'idle_in_transaction_session_timeout') order by name`;
  const { rows } = await exclusively('things', (transaction) => settings.execute(transaction));
  assert.deepEqual(
    rows.map(({ name, setting }) => `${name} ${setting}`),
    ['idle_in_transaction_session_timeout 5000', 'statement_timeout 5000'],
  );
  await close();
});

test('a connection to PostgreSQL that is cut in the middle of a query fails what is asked just then, and the next one is made', async (t) => {
  const { url, release } = await freshDatabase();
  t.after(release);
  const { sql, close } = await open(t, { kind: 'postgres', url: { value: url } });
  const broken = sql.selectNoFrom(statement<string>`pg_terminate_backend(pg_backend_pid())`.as('cut')).execute();
  await assert.rejects(broken, (thrown) => databaseFault(thrown) === 'database');
  const answer = async (): Promise<object[]> =>
    sql
      .selectFrom('thing')
      .selectAll()
      .execute()
      .catch((thrown: unknown) => {
        // The server's last word comes before the end of its connection.
        assert.equal(databaseFault(thrown), 'database', String(thrown));
        return answer();
      });
  assert.deepEqual(await answer(), []);
  await close();
});
