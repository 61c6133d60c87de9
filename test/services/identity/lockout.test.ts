import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { openCookies } from '#runtime/http/cookies';
import { openLockout } from '../../../services/identity/lockout.ts';
import { openStore } from '../../../services/identity/store.ts';
import { SILENT } from '../../log.ts';
import { testDatabase } from '../database.ts';

const MARA = { id: 'mara', upn: 'mara@a.example', name: 'Mara', groups: [] };
const OTTO = { ...MARA, id: 'otto', upn: 'otto@a.example' };

async function opened(t: TestContext) {
  const database = await testDatabase(t);
  const clock = { now: 0 };
  const start = async () => {
    const store = await openStore(database, SILENT);
    const lockout = openLockout(store, { cookies: openCookies(false), key: 'a key', now: () => clock.now });
    const begin = (user: typeof MARA | undefined, name: string, cookie?: string) => lockout.begin({ user, name, cookie });
    /** how many guesses get as far as the password */
    const guesses = async (user: typeof MARA | undefined, names: readonly string[], cookie?: string) => {
      let reached = 0;
      for (const name of names) if ((await begin(user, name, cookie)) !== undefined) reached++;
      return reached;
    };
    return { store, begin, guesses, close: () => store.close() };
  };
  const first = await start();
  t.after(() => first.close());
  return { clock, start, ...first };
}
const times = (count: number, name: string) => Array<string>(count).fill(name);

test('B-I7a an account has five guesses a minute, whatever it is called', async (t) => {
  const { guesses, clock } = await opened(t);
  const names = ['mara', 'mara@a.example', ' MARA ', 'Mara@A.example', 'mara'];
  assert.equal(await guesses(MARA, [...names, ...names]), 5);
  assert.equal(await guesses(OTTO, ['otto']), 1, 'another account of the same company');
  clock.now = 59_999;
  assert.equal(await guesses(MARA, names), 0);
  clock.now = 60_000;
  assert.equal(await guesses(MARA, names), 5);
});

test('guesses during a pause do not lengthen it', async (t) => {
  const { guesses, clock } = await opened(t);
  await guesses(MARA, times(5, 'mara'));
  clock.now = 30_000;
  await guesses(MARA, times(50, 'mara'));
  clock.now = 60_000;
  assert.equal(await guesses(MARA, times(6, 'mara')), 5);
});

test('B-I7c strangers do not lock out a browser that the person has used, and it gives nobody else more guesses', async (t) => {
  const { begin, guesses } = await opened(t);
  const [setCookie = ''] = (await (await begin(MARA, 'mara'))?.succeeded(MARA)) ?? [];
  const cookie = setCookie.split(';')[0] ?? '';
  assert.equal(await guesses(MARA, times(9, 'mara')), 5, 'the success took its own attempt back');
  assert.notEqual(await begin(MARA, 'mara', cookie), undefined);
  assert.equal(await guesses(MARA, times(9, 'mara'), cookie), 4, 'a known browser has five of its own');
  assert.equal(await guesses(MARA, times(3, 'mara'), cookie.replace(/=./u, '=x')), 0, 'an invented one has none');
  await guesses(OTTO, times(5, 'otto'));
  assert.equal(await guesses(OTTO, times(3, 'otto'), cookie), 0, 'it is known for Mara only');
});

test('B-I7d a restart and a second instance give no new guesses', async (t) => {
  const { guesses, start } = await opened(t);
  assert.equal(await guesses(MARA, times(4, 'mara')), 4);
  const second = await start();
  t.after(() => second.close());
  assert.equal(await second.guesses(MARA, times(4, 'mara')), 1);
});

test('of concurrent guesses no more than five get as far as the password', async (t) => {
  const { begin } = await opened(t);
  const attempts = await Promise.all(times(20, 'mara').map((name) => begin(MARA, name)));
  assert.equal(attempts.filter((attempt) => attempt !== undefined).length, 5);
});

test('names that nobody has leave a bounded number of rows, and each has its pause, too', async (t) => {
  const { guesses, store } = await opened(t);
  assert.equal(await guesses(undefined, times(9, 'nobody')), 5);
  for (let n = 0; n < 300; n++) await guesses(undefined, [`nobody-${n}`]);
  const rows = await store.sql.selectFrom('identity_failure').select('who').execute();
  assert.ok(rows.every(({ who }) => /^nobody \d{1,4}$/u.test(who)));
});

test('B-I7c a browser that hundreds share knows the last fifty of them, and sends no more than servers take', async (t) => {
  const { begin } = await opened(t);
  const jar = new Map<string, string>();
  const header = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  for (let n = 0; n < 200; n++) {
    const person = { ...MARA, id: `person-${n}` };
    for (const line of (await (await begin(person, person.id, header()))?.succeeded(person)) ?? []) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? [];
      if (line.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, value);
    }
  }
  assert.equal(jar.size, 50);
  assert.ok(header().length < 8_192, `${header().length}`);
});
