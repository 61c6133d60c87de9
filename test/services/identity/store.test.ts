import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openStore, recordsOf, removeExpired } from '../../../services/identity/store.ts';
import { testLog } from '../../log.ts';
import { testDatabase } from '../database.ts';

const START = 1_800_000_000_000;

async function opened(t: TestContext) {
  const store = await openStore(await testDatabase(t), testLog('identity'));
  t.after(() => store.close());
  const clock = { ms: START };
  t.mock.method(Date, 'now', () => clock.ms);
  return { store, clock, codes: recordsOf(store, 'AuthorizationCode'), sessions: recordsOf(store, 'Session') };
}

test('a record is found as it was last kept, by its model and its id', async (t) => {
  const { codes, sessions } = await opened(t);
  await codes.upsert('one', { jti: 'first' }, 60);
  await codes.upsert('one', { jti: 'second' }, 60);
  assert.deepEqual(await codes.find('one'), { jti: 'second' });
  assert.equal(await sessions.find('one'), undefined);
  await sessions.upsert('s', { uid: 'u', accountId: 'mara' }, 60);
  assert.deepEqual(await sessions.findByUid('u'), { uid: 'u', accountId: 'mara' });
  assert.equal(await codes.findByUid('u'), undefined);
});

test('a record is found up to its end, and for ever where it has none', async (t) => {
  const { clock, codes } = await opened(t);
  await codes.upsert('short', {}, 60);
  await codes.upsert('kept', {}, undefined);
  clock.ms = START + 60_000;
  assert.deepEqual(await codes.find('short'), {});
  clock.ms += 1;
  assert.equal(await codes.find('short'), undefined);
  assert.deepEqual(await codes.find('kept'), {});
});

test('a code that was used says so, and nothing else is touched', async (t) => {
  const { codes, sessions } = await opened(t);
  await codes.upsert('used', {}, 60);
  await codes.upsert('other', {}, 60);
  await sessions.upsert('used', {}, 60);
  await codes.consume('used');
  assert.deepEqual(await codes.find('used'), { consumed: START / 1_000 });
  assert.deepEqual([await codes.find('other'), await sessions.find('used')], [{}, {}]);
});

test('what is destroyed is gone, with all of one grant or alone', async (t) => {
  const { codes, sessions } = await opened(t);
  await codes.upsert('a', { grantId: 'g' }, 60);
  await codes.upsert('b', { grantId: 'g' }, 60);
  await codes.upsert('c', { grantId: 'h' }, 60);
  await sessions.upsert('a', { grantId: 'g' }, 60);
  await codes.revokeByGrantId('g');
  assert.deepEqual([await codes.find('a'), await codes.find('b'), await codes.find('c')], [undefined, undefined, { grantId: 'h' }]);
  assert.deepEqual(await sessions.find('a'), { grantId: 'g' });
  await sessions.destroy('a');
  assert.equal(await sessions.find('a'), undefined);
});

test('what is over is deleted, and nothing else: records, and failures after their minute', async (t) => {
  const { store, clock, codes } = await opened(t);
  await codes.upsert('short', {}, 60);
  await codes.upsert('long', {}, 61);
  await store.sql.insertInto('identity_failure').values({ who: 'account', count: 3, since: START }).execute();
  const left = async () => {
    await removeExpired(store);
    const records = await store.sql.selectFrom('identity_record').select('id').orderBy('id').execute();
    const failures = await store.sql.selectFrom('identity_failure').select('who').execute();
    return [...records.map(({ id }) => id), ...failures.map(({ who }) => who)];
  };
  clock.ms = START + 60_000;
  assert.deepEqual(await left(), ['long', 'short', 'account']);
  clock.ms += 1;
  assert.deepEqual(await left(), ['long']);
});
