import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { request } from 'undici';
import { start } from '../../../services/identity/identity.ts';
import { openStore } from '../../../services/identity/store.ts';
import { SILENT } from '../../log.ts';
import { openBrowser } from '../cookie-browser.ts';
import { testDatabase } from '../database.ts';
import { base, startHere } from '../service-in-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { freePort, hashOf } from '../whole-cloud.ts';

const BACK = 'http://workspace.localhost:1/auth/callback';

async function identity(t: TestContext) {
  const port = await freePort();
  const issuer = `http://identity.localhost:${port}`;
  const database = await testDatabase(t);
  await startHere(t, start, {
    ...base('identity', await temporaryFolder(t)),
    listen: { host: '127.0.0.1', port },
    database,
    publicUrl: issuer,
    trustedProxies: [],
    clients: [{ id: 'workspace', secret: { value: 'a secret of the client' }, redirectUris: [BACK] }],
    users: ['mara', 'otto'].map((name) => ({ upn: `${name}@a.example`, name, passwordHash: hashOf(`${name}’s`), groups: [] })),
  });
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

test('B-I9 two hundred sign-ins that nobody finishes leave no row', async (t) => {
  const { authorize, rows } = await identity(t);
  const browser = openBrowser(t);
  for (let n = 0; n < 200; n++) assert.match(String((await browser.ask(authorize)).headers['location']), /\/interaction\//u);
  assert.equal(await rows('identity_record'), 0);
});

test('B-I9 a sign-in begun in one browser is nothing in another', async (t) => {
  const { authorize } = await identity(t);
  const [browser, other] = [openBrowser(t), openBrowser(t)];
  const page = await browser.open(authorize);
  assert.match(page.text, /name="password"/u);
  assert.equal((await other.submit(page, { username: 'mara', password: 'mara’s' })).status, 400);
});

test('B-I7 a whole company behind one address signs in although one account of it is being guessed', async (t) => {
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

test('B-I5 the provider names itself as it is configured, whatever a caller says of its host', async (t) => {
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
