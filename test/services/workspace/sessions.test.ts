import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { openCookies } from '#runtime/http/cookies';
import { openSessions } from '../../../services/workspace/sessions.ts';
import { lastSignOut, openStore, rememberSignOut, removeExpired } from '../../../services/workspace/store.ts';
import { testLog } from '../../log.ts';
import { MARA } from '../../vectors/world.ts';
import { testDatabase } from '../database.ts';

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A browser with the cookie of one sign-in at `START`, and a clock. */
async function signedIn(t: TestContext, idToken = 'id-token') {
  const store = await openStore(await testDatabase(t), testLog('workspace'));
  t.after(() => store.close());
  const clock = { ms: START };
  const sessions = openSessions({ store, cookies: openCookies(true), ended: { note: async () => {} }, now: () => clock.ms });
  const cookie = await sessions.begin(MARA, idToken);
  const [pair = ''] = cookie.split(';');
  const withCookie = (header: string | undefined) => sessions.of({ headers: { cookie: header } } as FastifyRequest);
  const at = async (ms: number) => {
    clock.ms = START + ms;
    return (await withCookie(pair)) !== undefined;
  };
  return { store, sessions, cookie, pair, withCookie, at };
}

describe('B-I4a a portal session ends after 8 hours without use, and after a day in any case', () => {
  test('it lasts 8 hours without use, and not a moment longer', async (t) => {
    const { at } = await signedIn(t);
    assert.equal(await at(8 * HOUR + 1), false);
    assert.equal(await at(8 * HOUR), true);
  });

  test('each use lets it last 8 hours more, to the minute', async (t) => {
    const { at } = await signedIn(t);
    assert.equal(await at(5 * HOUR), true);
    assert.equal(await at(5 * HOUR + MINUTE), true, 'within a minute of the last use nothing is written');
    assert.equal(await at(13 * HOUR), true);
    assert.equal(await at(21 * HOUR + 1), false);
  });

  test('a day after its beginning it is over, however it is used', async (t) => {
    const { at } = await signedIn(t);
    for (const hours of [6, 12, 18]) assert.equal(await at(hours * HOUR), true);
    assert.equal(await at(24 * HOUR), true);
    assert.equal(await at(24 * HOUR + 1), false);
  });

  test('what is over is deleted, and nothing else', async (t) => {
    const { store, at } = await signedIn(t);
    await removeExpired(store, START + 8 * HOUR);
    assert.equal(await at(0), true);
    await removeExpired(store, START + 8 * HOUR + 1);
    assert.equal(await at(0), false);
  });
});

test('a portal session is the person’s who signed in, and has tokens of its own', async (t) => {
  const { sessions, withCookie, pair } = await signedIn(t);
  const session = await withCookie(pair);
  assert.deepEqual([session?.user, session?.idToken], [MARA, 'id-token']);
  const [other = ''] = (await sessions.begin(MARA, '')).split(';');
  const second = await withCookie(other);
  assert.ok(session && second);
  assert.equal(new Set([session.csrf, second.csrf, session.deviceNonce, second.deviceNonce]).size, 4);
});

test('no cookie, another’s or half of one is no session; its value is not in the database', async (t) => {
  const { store, withCookie, pair } = await signedIn(t);
  const [row] = await store.sql.selectFrom('workspace_session').select('id').execute();
  const value = pair.slice(pair.indexOf('=') + 1);
  assert.notEqual(row?.id, value);
  for (const header of [
    undefined,
    '',
    pair.slice(0, -1),
    `${pair}x`,
    pair.replace(value, 'A'.repeat(43)),
    pair.replace(value, row?.id ?? ''),
  ])
    assert.equal(await withCookie(header), undefined, header);
});

test('a session that is ended is over at once, and its cookie with it', async (t) => {
  const { sessions, withCookie, pair } = await signedIn(t);
  assert.match(await sessions.end(await withCookie(pair)), /Max-Age=0/u);
  assert.equal(await withCookie(pair), undefined);
  assert.match(await sessions.end(undefined), /Max-Age=0/u);
});

test('its cookie lasts a day and is for nobody’s script', async (t) => {
  const { cookie } = await signedIn(t);
  assert.match(cookie, /^__Host-holdfast-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400$/u);
});

test('a hint too long for a URL is not kept', async (t) => {
  for (const [length, kept] of [
    [6_000, 6_000],
    [6_001, 0],
  ] as const) {
    const { withCookie, pair } = await signedIn(t, 'x'.repeat(length));
    assert.equal((await withCookie(pair))?.idToken.length, kept);
  }
});

test('B-I6c when a person signed out is remembered for 30 days, and says nothing of others', async (t) => {
  const { store } = await signedIn(t);
  await rememberSignOut(store, MARA.subject, START);
  const last = async (ms: number) => {
    await removeExpired(store, START + ms);
    return lastSignOut(store, MARA.subject);
  };
  assert.equal(await last(30 * 24 * HOUR), START);
  assert.equal(await lastSignOut(store, 'somebody-else-1'), 0);
  assert.equal(await last(30 * 24 * HOUR + 1), 0);
});
