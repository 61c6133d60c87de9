/** Which host is asked, and what becomes of a connection, over pools that answer as they are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from 'pg';
import { poolOver } from '#runtime/sql/postgres-pool';

const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const USED_UP = new Error('timeout exceeded when trying to connect');
const READ_ONLY = Object.assign(new Error('cannot execute INSERT in a read-only transaction'), { code: '25006' });
const GIVEN_UP = new Error('Query read timeout');
const MISTAKE = Object.assign(new Error('syntax error'), { code: '42601' });

/** A host; every pool that was opened to it tells what happened to it and to its connections. */
function host(name: string) {
  const told: string[] = [];
  const fails: { connect?: Error; query?: Error } = {};
  let pools = 0;
  const open = (): Pool => {
    pools += 1;
    const own = `${name}-${pools}`;
    const pool = {
      async connect() {
        told.push(`${own} asked`);
        if (fails.connect !== undefined) throw fails.connect;
        return {
          async query(sql: string) {
            if (fails.query !== undefined) throw fails.query;
            return { rows: [sql] };
          },
          release: (destroy: boolean) => void told.push(`${own} ${destroy ? 'destroyed' : 'given back'}`),
          end: async () => void told.push(`${own} connection ended`),
        };
      },
      end: async () => void told.push(`${own} ended`),
    };
    // Only this much of a pool is used.
    return pool as unknown as Pool;
  };
  return { open, fails, told: () => told.splice(0) };
}

test('a connection that did its work goes back to be used again', async () => {
  const one = host('one');
  const client = await poolOver([one.open]).connect();
  assert.deepEqual(await client.query('select 1', []), { rows: ['select 1'] });
  client.release();
  assert.deepEqual(one.told(), ['one-1 asked', 'one-1 given back']);
});

test('the last good host is asked first, the others when it is away, and the first one’s fault is told', async () => {
  const [one, two] = [host('one'), host('two')];
  const pool = poolOver([one.open, two.open]);
  const asked = async () => {
    (await pool.connect()).release();
    return [...one.told(), ...two.told()].filter((word) => word.endsWith('asked'));
  };
  assert.deepEqual(await asked(), ['one-1 asked']);
  one.fails.connect = AWAY;
  assert.deepEqual(await asked(), ['one-1 asked', 'two-1 asked']);
  delete one.fails.connect;
  assert.deepEqual(await asked(), ['two-1 asked'], 'it stays where it is');
  two.fails.connect = READ_ONLY;
  one.fails.connect = AWAY;
  await assert.rejects(pool.connect(), READ_ONLY);
});

test('a host whose connections are all in use answers: no other is asked', async () => {
  const [one, two] = [host('one'), host('two')];
  one.fails.connect = USED_UP;
  await assert.rejects(poolOver([one.open, two.open]).connect(), USED_UP);
  assert.deepEqual(two.told(), []);
});

test('a mistake in a query spoils no connection', async () => {
  const one = host('one');
  const client = await poolOver([one.open]).connect();
  one.fails.query = MISTAKE;
  await assert.rejects(client.query('selec', []), MISTAKE);
  client.release();
  assert.deepEqual(one.told(), ['one-1 asked', 'one-1 given back']);
});

test('a server that takes no writes any more keeps none of its connections, and the next ones are new', async () => {
  const one = host('one');
  const pool = poolOver([one.open]);
  const [first, second] = [await pool.connect(), await pool.connect()];
  one.fails.query = READ_ONLY;
  await assert.rejects(first.query('insert', []), READ_ONLY);
  await assert.rejects(second.query('insert', []), READ_ONLY);
  first.release();
  second.release();
  const told = one.told();
  assert.deepEqual(
    told.filter((word) => word.endsWith('ended')),
    ['one-1 ended'],
    'once',
  );
  assert.deepEqual(
    told.filter((word) => word.endsWith('destroyed')),
    ['one-1 destroyed', 'one-1 destroyed'],
  );
  delete one.fails.query;
  (await pool.connect()).release();
  assert.deepEqual(one.told(), ['one-2 asked', 'one-2 given back']);
});

test('nothing more is said on a connection whose query was given up', async () => {
  const one = host('one');
  const client = await poolOver([one.open]).connect();
  one.fails.query = GIVEN_UP;
  await assert.rejects(client.query('select pg_sleep(60)', []), GIVEN_UP);
  client.release();
  assert.deepEqual(one.told(), ['one-1 asked', 'one-1 ended', 'one-1 connection ended', 'one-1 destroyed']);
});

test('closing ends the pools of all hosts', async () => {
  const [one, two] = [host('one'), host('two')];
  await poolOver([one.open, two.open]).end();
  assert.deepEqual([one.told(), two.told()], [['one-1 ended'], ['two-1 ended']]);
});
