import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { isKnown, knownOf, noteSeen, peopleNamed } from '../../../services/root-of-trust/known-names.ts';
import { openStore, type Store } from '../../../services/root-of-trust/store.ts';
import { testLog } from '../../log.ts';
import { testDatabase } from '../database.ts';

const DAY = 86_400;
const MARA = { kind: 'user', subject: 'subject-of-mara', upn: 'mara@test.localhost' } as const;
const group = (name: string) => ({ kind: 'group', group: name }) as const;

async function newStore(t: TestContext): Promise<Store> {
  const store = await openStore(await testDatabase(t), testLog('root-of-trust'));
  t.after(() => store.close());
  return store;
}

test('a person is known by the user principal name of the last sign-in', async (t) => {
  const store = await newStore(t);
  await noteSeen(store, [MARA], DAY);
  await noteSeen(store, [{ ...MARA, upn: 'Mara.Keller@test.localhost' }], 2 * DAY);
  assert.deepEqual(await peopleNamed(store, MARA.upn, 9), []);
  assert.deepEqual(await peopleNamed(store, 'mara.keller@TEST.localhost', 9), [MARA.subject]);
  const { subject } = MARA;
  assert.deepEqual(
    await knownOf(store, [
      { kind: 'group', group: 'none' },
      { kind: 'user', subject },
    ]),
    [undefined, { as: 'mara.keller@test.localhost', seen: 2 * DAY }],
  );
});

test('B-L5k a name that nobody was seen with for longer than any block of it is listed is forgotten', async (t) => {
  const store = await newStore(t);
  await noteSeen(store, [group('Staff'), group('Old')], DAY);
  await noteSeen(store, [group('/STAFF'), group('staff')], 200 * DAY);
  await noteSeen(store, [group('New')], 396 * DAY);
  assert.equal(await isKnown(store, 'group', 'old'), true);
  await noteSeen(store, [group('New')], 396 * DAY + 1);
  assert.equal(await isKnown(store, 'group', 'old'), false);
  assert.equal(await isKnown(store, 'group', 'staff'), true);
});

test('whoever tells many names fills no disk: those seen longest ago give way', async (t) => {
  const store = await newStore(t);
  for (let at = 1; at <= 5; at++) await noteSeen(store, [group(`group ${at}`)], at * DAY, 3);
  const known = await Promise.all([1, 2, 3, 4, 5].map((at) => isKnown(store, 'group', `group ${at}`)));
  assert.deepEqual(known, [false, false, true, true, true]);
});
