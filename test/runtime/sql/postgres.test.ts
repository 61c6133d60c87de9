import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { before, describe, type TestContext } from 'node:test';
import { Kysely, sql } from 'kysely';
import { HoldfastError } from '#protocol/errors';
import { readSecret } from '#runtime/service/config';
import { openDatabase } from '#runtime/sql/database';
import { databaseFault } from '#runtime/sql/faults';
import { postgresDialect } from '#runtime/sql/postgres';
import { SILENT } from '../../log.ts';
import { startPgbouncer } from '../../pgbouncer.ts';
import { freshDatabase } from '../../postgres.ts';
import { type Cluster, psql, startCluster } from '../../runner/cluster.ts';
import { until } from '../../until.ts';

const PASSWORD = 'p#a/s%s@w';
const MIGRATIONS = { service: 'test', steps: [['create table thing (id text primary key)']] };
/** Short, for queries that are meant to be given up. */
const WAITS = { connectMs: 300, statementMs: 300 };

async function open(t: TestContext, url: string) {
  const database = await openDatabase<{ thing: { id: string } }>({ kind: 'postgres', url: { value: url } }, MIGRATIONS, {
    log: SILENT,
    secret: readSecret,
  });
  t.after(() => database.close());
  return database;
}

async function impatient(t: TestContext, url: string) {
  const kysely = new Kysely<object>({ dialect: await postgresDialect(url, () => {}, WAITS) });
  t.after(() => kysely.destroy());
  return async (statement: string) => (await sql.raw<Record<string, unknown>>(statement).execute(kysely)).rows[0];
}

/** A pooler in front of an empty database, which `administer` reaches without it. */
async function pooled(t: TestContext) {
  const { url, name, folder, release } = await freshDatabase();
  t.after(release);
  const bouncer = await startPgbouncer(t, folder, name, PASSWORD);
  const administer = (statement: string) => assert.equal(psql(folder, statement).status, 0, statement);
  return { url, name, administer, ...bouncer };
}

const refused = (reason: string) => (thrown: unknown) => thrown instanceof HoldfastError && thrown.reason === reason;

test('a pooler in transaction mode is told nothing that it refuses, and each transaction has its deadlines', async (t) => {
  const { port } = await pooled(t);
  const { sql: database, exclusively, check } = await open(t, `postgres://app:${PASSWORD}@127.0.0.1:${port}/app`);
  await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((id) =>
      exclusively('things', (transaction) => transaction.insertInto('thing').values({ id }).execute(), 'soon'),
    ),
  );
  assert.equal((await database.selectFrom('thing').selectAll().where('id', '<', 'k').execute()).length, 10);
  assert.equal(await check(), undefined);
  const timeout = sql<{ statement_timeout: string }>`show statement_timeout`;
  assert.equal((await exclusively('things', (transaction) => timeout.execute(transaction))).rows[0]?.statement_timeout, '5s');
  assert.equal((await timeout.execute(database)).rows[0]?.statement_timeout, '0');
});

test('each sslmode checks what it promises, and no more', async (t) => {
  const { port, certificate } = await pooled(t);
  const encrypted = async (host: string, query: string) => {
    const ask = await impatient(t, `postgres://app:${PASSWORD}@${host}:${port}/app?${query}`);
    return (await ask('select 1 as one'))?.['one'] === 1;
  };
  const ca = `sslrootcert=${certificate}`;
  assert.ok(await encrypted('127.0.0.1', 'sslmode=disable'));
  assert.ok(await encrypted('127.0.0.1', `sslmode=require&${ca}`));
  assert.ok(await encrypted('127.0.0.1', `sslmode=verify-ca&${ca}`));
  assert.ok(await encrypted('localhost', `sslmode=verify-full&${ca}`));
  await assert.rejects(encrypted('127.0.0.1', `sslmode=verify-full&${ca}`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  for (const mode of ['require', 'verify-full'])
    await assert.rejects(encrypted('localhost', `sslmode=${mode}`), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('of several hosts the one is used that takes writes, and another one when it no longer does', async (t) => {
  const [first, second] = [await pooled(t), await pooled(t)];
  const readOnly = (which: typeof first, value: 'on' | 'off') => {
    which.administer(`alter database ${which.name} set default_transaction_read_only = ${value}`);
    which.administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${which.name}'`);
  };
  readOnly(first, 'on');
  const hosts = [1, first.port, second.port].map((port) => `127.0.0.1:${port}`).join(',');
  const ask = await impatient(t, `postgres://app:${PASSWORD}@${hosts}/app?target_session_attrs=read-write`);
  await ask('create table at_second (id text)');
  readOnly(second, 'on');
  readOnly(first, 'off');
  await until('the other host is used', async () => {
    await ask('create table if not exists at_first (id text)');
    return true;
  });
  assert.deepEqual(await ask("select to_regclass('at_second') as second, to_regclass('at_first')::text as first"), {
    second: null,
    first: 'at_first',
  });
});

test('a read-only database is not ready, and says why', async (t) => {
  const { url, name, folder, release } = await freshDatabase();
  t.after(release);
  const { sql: database, check } = await open(t, url);
  assert.equal(await check(), undefined);
  psql(folder, `alter database ${name} set default_transaction_read_only = on`);
  psql(folder, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  const wrong = await until('the connections are new', async () => {
    const said = await check();
    return /read-only/u.test(said ?? '') ? said : undefined;
  });
  assert.match(wrong, /^The database: cannot execute INSERT in a read-only transaction/u);
  assert.deepEqual(await database.selectFrom('thing').selectAll().execute(), [], 'what can be read is read');
  const write = database.insertInto('thing').values({ id: 'a' }).execute();
  await assert.rejects(write, (thrown) => databaseFault(thrown) === 'database-read-only');
  await assert.rejects(open(t, url), refused('database-read-only'));
});

test('a query that is given up takes its connection along: the next one gets its own answer', async (t) => {
  const { url, release } = await freshDatabase();
  t.after(release);
  const ask = await impatient(t, url);
  const before = await ask('select pg_backend_pid() as pid');
  await assert.rejects(ask('select pg_sleep(3600)'), (thrown) => databaseFault(thrown) === 'database');
  const after = await ask('select pg_backend_pid() as pid');
  assert.ok(typeof after?.['pid'] === 'number' && after['pid'] !== before?.['pid']);
});

describe('a server of its own', () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster();
    psql(cluster.folder, `create role app login password '${PASSWORD}'`);
    const rules = join(cluster.data, 'pg_hba.conf');
    writeFileSync(rules, `local all app scram-sha-256\n${readFileSync(rules, 'utf8')}`);
    psql(cluster.folder, 'select pg_reload_conf()');
    return () => cluster.stop();
  });
  const url = (user: string, name = 'postgres') => `postgres://${user}@${encodeURIComponent(cluster.folder)}/${name}`;

  test('a wrong password and a missing database are told from a database that is away', async (t) => {
    const own = (pattern: RegExp) => (thrown: unknown) =>
      refused('database-refused')(thrown) && thrown instanceof Error && pattern.test(String(thrown.cause));
    await assert.rejects(open(t, url('app:wrong')), own(/password authentication failed for user "app"/u));
    await assert.rejects(open(t, url('postgres', 'none')), own(/database "none" does not exist/u));
    const ask = await impatient(t, url(`app:${PASSWORD}`));
    assert.deepEqual(await ask('select current_user as who'), { who: 'app' });
  });

  test('a server that is stopped fails what is asked within its deadline, and serves again when it goes on', async (t) => {
    const ask = await impatient(t, url('postgres'));
    await Promise.all([ask('select pg_sleep(0.01)'), ask('select pg_sleep(0.01)')]);
    signal(cluster, 'STOP');
    try {
      for (let round = 0; round < 3; round++) {
        await assert.rejects(ask('select 1'), (thrown) => databaseFault(thrown) === 'database');
      }
    } finally {
      signal(cluster, 'CONT');
    }
    assert.deepEqual(await until('it serves again', () => ask('select 2 as two')), { two: 2 });
  });
});

/** To the server and all of its processes. */
function signal({ data }: Cluster, name: 'STOP' | 'CONT'): void {
  const server = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', server], { encoding: 'utf8' });
  const children = stdout.split(/\s+/u).filter(Boolean);
  const order = name === 'STOP' ? [server, ...children] : [...children, server];
  for (const pid of order) process.kill(Number(pid), `SIG${name}`);
}
