import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Agent, request } from 'undici';
import type { Log } from '#runtime/log/log';
import { lookup } from '#runtime/tls/lookup';
import { hashPassword } from '../../../cli/password-hash.ts';
import { start } from '../../../services/identity/identity.ts';
import { openStore } from '../../../services/identity/store.ts';
import { SILENT } from '../../log.ts';
import { openBrowser } from '../cookie-browser.ts';
import { testDatabase } from '../database.ts';
import { base, startHere } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { freePort, hashOf } from '../whole-cloud.ts';

const BACK = 'http://workspace.localhost:1/auth/callback';

async function identity(t: TestContext, hash = hashOf, log: Log = SILENT) {
  const port = await freePort();
  const issuer = `http://identity.localhost:${port}`;
  const database = await testDatabase(t);
  await startHere(
    t,
    start,
    {
      ...base('identity', await temporaryFolder(t)),
      listen: { host: '127.0.0.1', port },
      database,
      publicUrl: issuer,
      trustedProxies: [],
      clients: [{ id: 'workspace', secret: { value: 'a secret of the client' }, redirectUris: [BACK] }],
      users: ['mara', 'otto'].map((name) => ({ upn: `${name}@a.example`, name, passwordHash: hash(`${name}’s`), groups: [] })),
    },
    { log },
  );
  const authorize = `${issuer}/auth?${new URLSearchParams({
    client_id: 'workspace',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: BACK,
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  })}`;
  const rows = async (table: 'identity_record' | 'identity_failure') => {
    const store = await openStore(database, SILENT);
    const found = await store.sql.selectFrom(table).selectAll().execute();
    await store.close();
    return found.length;
  };
  return { issuer, port, authorize, rows };
}

test('B-I9d two hundred sign-ins that nobody finishes leave no row', async (t) => {
  const { authorize, rows } = await identity(t);
  const browser = openBrowser(t);
  for (let n = 0; n < 200; n++) assert.match(String((await browser.ask(authorize)).headers['location']), /\/interaction\//u);
  assert.equal(await rows('identity_record'), 0);
});

test('B-I9d a sign-out of whoever is not signed in leaves no row, and leads back at once', async (t) => {
  const { issuer, rows } = await identity(t);
  const back = new URL('/', BACK).href;
  for (const [query, to] of [
    ['', '/session/end/success'],
    [`?client_id=workspace&post_logout_redirect_uri=${encodeURIComponent(back)}`, back],
    ['?client_id=workspace&post_logout_redirect_uri=https%3A%2F%2Fevil.test', undefined],
  ] as const) {
    const { status, headers } = await openBrowser(t).ask(`${issuer}/session/end${query}`);
    assert.deepEqual([status, headers['location']], to === undefined ? [400, undefined] : [303, to]);
  }
  assert.equal(await rows('identity_record'), 0);
});

test('a sign-in begun in one browser is nothing in another', async (t) => {
  const { authorize } = await identity(t);
  const [browser, other] = [openBrowser(t), openBrowser(t)];
  const page = await browser.open(authorize);
  assert.match(page.text, /name="password"/u);
  assert.equal((await other.submit(page, { username: 'mara', password: 'mara’s' })).status, 400);
});

test('B-I7b a whole company behind one address signs in although one account of it is being guessed', async (t) => {
  const { authorize } = await identity(t);
  const stranger = openBrowser(t);
  const page = await stranger.open(authorize);
  for (let n = 0; n < 120; n++) await stranger.submit(page, { username: `nobody-${n}`, password: 'no' });
  for (const name of ['otto', 'otto@a.example', 'OTTO'])
    for (let n = 0; n < 3; n++) await stranger.submit(page, { username: name, password: 'no' });
  assert.equal((await stranger.submit(page, { username: 'otto', password: 'otto’s' })).status, 429);
  const mara = openBrowser(t);
  const own = await mara.open(authorize);
  const action = /action="([^"]+)"/u.exec(own.text)?.[1] ?? '';
  const answer = await mara.ask(new URL(action, own.url).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: 'mara', password: 'mara’s' }).toString(),
  });
  assert.equal(answer.status, 303);
});

test('B-S1d whoever signs in waits for one of a stranger’s guesses at passwords, not for all of them', async (t) => {
  const { authorize } = await identity(t, hashPassword);
  const stranger = openBrowser(t);
  const page = await stranger.open(authorize);
  const elsewhere = new Agent({ connections: GUESSES, localAddress: '127.0.0.2', connect: { lookup } });
  t.after(() => elsewhere.destroy());
  let answered = 0;
  const guess = async (n: number) => {
    const { statusCode, body } = await send(page, { username: `nobody-${n}`, password: 'no' }, stranger.cookiesOf(page.url), elsewhere);
    await body.dump();
    answered += 1;
    return statusCode;
  };
  const mara = openBrowser(t);
  const own = await mara.open(authorize);
  const guesses = Array.from({ length: GUESSES }, (_, n) => guess(n));
  await Promise.race(guesses);
  const { statusCode } = await send(own, { username: 'mara', password: 'mara’s' }, mara.cookiesOf(own.url));
  assert.equal(statusCode, 303);
  assert.ok(answered < GUESSES / 2, `${answered} of ${GUESSES} guesses went before`);
  assert.deepEqual(new Set(await Promise.all(guesses)), new Set([401]));
});

const GUESSES = 40;

/** Sends the page's form, as the browser that has these cookies. */
function send(
  page: { url: string; text: string },
  fields: Record<string, string>,
  cookie: string,
  dispatcher = new Agent({ connect: { lookup } }),
) {
  const action = /action="([^"]+)"/u.exec(page.text)?.[1] ?? '';
  return request(new URL(action, page.url), {
    method: 'POST',
    dispatcher,
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

test('the provider names itself as it is configured, whatever a caller says of its host', async (t) => {
  const { issuer, port } = await identity(t);
  const discover = async (headers: Record<string, string>) => {
    const answer = await request(`http://127.0.0.1:${port}/.well-known/openid-configuration`, { headers });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  const host = new URL(issuer).host;
  const forwarded = await discover({ host, 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' });
  assert.equal(forwarded.status, 200);
  assert.doesNotMatch(forwarded.text, /evil|https:/u);
  assert.equal((await discover({ host: 'evil.test' })).status, 400);
});

test('a page of a problem says which: an expired sign-in, or a request that is no sign-in; and so does the log', async (t) => {
  const causes: unknown[] = [];
  const info = (fields: object) => void causes.push('cause' in fields ? fields.cause : undefined);
  const { issuer, port } = await identity(t, hashOf, { ...SILENT, info });
  causes.length = 0;
  const page = async (path: string, host = new URL(issuer).host) => {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, { headers: { host } });
    return { status: statusCode, text: await body.text() };
  };
  const expired = await page(`/interaction/${'a'.repeat(20)}`);
  assert.equal(expired.status, 400);
  assert.match(expired.text, /This sign-in page has expired\./u);
  const foreign = await page('/', 'evil.test');
  assert.equal(foreign.status, 400);
  assert.doesNotMatch(foreign.text, /expired|evil/u);
  assert.match(foreign.text, /role="alert"/u);
  assert.deepEqual(causes, ['page expired', undefined]);
});
