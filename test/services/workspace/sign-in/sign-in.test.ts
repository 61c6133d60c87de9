import assert from 'node:assert/strict';
import test from 'node:test';
import { CSRF_HEADER } from '#protocol/workspace-api';
import { type Browser, openBrowser } from '../../cookie-browser.ts';
import { signIn } from '../../person.ts';
import { MARA, PASSWORD, startWholeCloud } from '../../whole-cloud.ts';

test('B-I3d a wrong password and a wrong name are refused with the same words; empty fields before any check', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const page = await browser.open(`${cloud.origin}/auth/sign-in`);
  const says = (text: string) => /role="alert"[^>]*>([^<]*)</u.exec(text)?.[1];
  const wrongPassword = await browser.submit(page, { username: MARA, password: 'no' });
  const wrongName = await browser.submit(page, { username: 'nobody@test.localhost', password: PASSWORD });
  assert.equal(wrongPassword.status, 401);
  assert.match(wrongPassword.text, new RegExp(`ID ${String(wrongPassword.headers['holdfast-correlation-id'])}<`, 'u'));
  assert.equal(says(wrongPassword.text), 'Incorrect user name or password.');
  assert.equal(says(wrongName.text), says(wrongPassword.text));
  assert.match(wrongPassword.text, /value="mara@test\.localhost"/u, 'what was right need not be typed again');
  assert.equal(says((await browser.submit(page, { username: MARA, password: '' })).text), 'Enter your user name and your password.');
  assert.equal((await browser.submit(page, { username: '"><script>', password: 'x' })).text.includes('<script>'), false);
  assert.equal((await browser.submit(page, { username: MARA, password: PASSWORD })).url, `${cloud.origin}/`);
});

test('after five failures a name has to wait, whoever tries', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const page = await browser.open(`${cloud.origin}/auth/sign-in`);
  for (let failure = 0; failure < 5; failure++) await browser.submit(page, { username: 'mara', password: 'no' });
  const right = await browser.submit(page, { username: 'mara', password: PASSWORD });
  assert.equal(right.status, 429);
  assert.match(right.text, /Too many attempts/u);
});

test('sign-out ends the session, and the next sign-in asks for the password again', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  await browser.submit(await browser.open(`${cloud.origin}/auth/sign-in`), { username: 'mara', password: PASSWORD });
  const { csrf } = JSON.parse((await browser.ask(`${cloud.origin}/api/v1/session`)).text);
  const withoutToken = await browser.ask(`${cloud.origin}/auth/sign-out`, { method: 'POST' });
  assert.equal(withoutToken.status, 403);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 200);
  assert.equal((await signOut(browser, cloud.origin, csrf)).status, 200);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);
  const again = await browser.open(`${cloud.origin}/auth/sign-in`);
  assert.match(again.text, /name="password"/u);
  assert.equal((await browser.submit(again, { username: 'mara', password: PASSWORD })).url, `${cloud.origin}/`);
});

const signOut = (browser: Browser, origin: string, csrf: string) =>
  browser.ask(`${origin}/auth/sign-out`, { method: 'POST', headers: { [CSRF_HEADER]: csrf } });

/** Signs in as Mara and gives what the portal's page then knows. */
async function signedIn(browser: Browser, origin: string): Promise<{ csrf: string }> {
  await browser.submit(await browser.open(`${origin}/auth/sign-in`), { username: 'mara', password: PASSWORD });
  return JSON.parse((await browser.ask(`${origin}/api/v1/session`)).text);
}

test('B-I6a the sign-out ends the provider’s session, too, and leads back to the portal', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const { csrf } = await signedIn(browser, cloud.origin);
  const former = browser.cookiesOf(cloud.issuer);
  const { next } = JSON.parse((await signOut(browser, cloud.origin, csrf)).text);
  assert.ok(next.startsWith(`${cloud.issuer}/`), next);
  assert.equal((await browser.open(next)).url, `${cloud.origin}/`);
  // The provider's cookie of before, kept and brought again, is worth nothing.
  const kept = openBrowser(t);
  const toProvider = await kept.ask(`${cloud.origin}/auth/sign-in`);
  const answer = await kept.ask(String(toProvider.headers['location']), { headers: { cookie: former } });
  assert.match(String(answer.headers['location']), /\/interaction\//u);
});

test('B-I6b whoever comes next is asked for a password, whatever cookies they delete and though the provider was never told', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const { csrf } = await signedIn(browser, cloud.origin);
  await signOut(browser, cloud.origin, csrf);
  browser.forget(cloud.origin);
  const page = await browser.open(`${cloud.origin}/auth/sign-in`);
  assert.match(page.text, /name="password"/u);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);
  assert.equal((await browser.submit(page, { username: 'mara', password: PASSWORD })).url, `${cloud.origin}/`);
});

test('a sign-out during an outage holds when the Workspace is back: the next sign-in ends the session and asks', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  await signedIn(browser, cloud.origin);
  const path = `${cloud.origin}/auth/sign-in?next=/&again=1`;
  await browser.ask(path, { headers: { 'sec-fetch-site': 'cross-site' } });
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 200, 'another page signs nobody out');
  const toProvider = await browser.ask(path, { headers: { 'sec-fetch-site': 'same-origin' } });
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);
  const page = await browser.open(String(toProvider.headers['location']));
  assert.match(page.text, /name="password"/u);
  // Whoever takes the order to ask out of the address is not signed in as the last person either.
  browser.forget(cloud.origin);
  assert.match((await browser.open(`${cloud.origin}/auth/sign-in`)).text, /name="password"/u);
});

test('another page signs nobody out at the provider: without their own ID token they are asked', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  await signedIn(browser, cloud.origin);
  const asked = await browser.open(`${cloud.issuer}/session/end?client_id=workspace`);
  assert.match(asked.text, /Do you want to sign out\?/u);
  browser.forget(cloud.origin);
  assert.equal((await browser.open(`${cloud.origin}/auth/sign-in`)).url, `${cloud.origin}/`, 'the session goes on');
});

test('a sign-out by a page whose portal session is over leads to the provider’s session, which is not', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const { csrf } = await signedIn(browser, cloud.origin);
  browser.forget(cloud.origin);
  const { next } = JSON.parse((await signOut(browser, cloud.origin, csrf)).text);
  const asked = await browser.open(String(next));
  assert.match(asked.text, /Do you want to sign out\?/u);
  const xsrf = /name="xsrf" value="([^"]+)"/u.exec(asked.text)?.[1] ?? '';
  assert.equal((await browser.submit(asked, { xsrf, logout: 'yes' })).url, `${cloud.origin}/`);
  assert.match((await browser.open(`${cloud.origin}/auth/sign-in`)).text, /name="password"/u);
});

test('another site signs nobody out', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  // Its form is sent without the session's cookie; the answer must not take it away either.
  const headers = { origin: 'https://evil.test', 'content-type': 'text/plain' };
  const answer = await browser.ask(`${cloud.origin}/auth/sign-out`, { method: 'POST', headers, body: 'a=b' });
  assert.equal(answer.status, 403);
  assert.equal(answer.headers['set-cookie'], undefined);
});

test('a new sign-in ends the session that the browser had', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const first = await browser.submit(await browser.open(`${cloud.origin}/auth/sign-in`), { username: 'mara', password: PASSWORD });
  assert.equal(first.status, 200);
  const former = browser.cookiesOf(cloud.origin);
  await browser.open(`${cloud.origin}/auth/sign-in`);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 200);
  const stranger = openBrowser(t);
  assert.equal((await stranger.ask(`${cloud.origin}/api/v1/session`, { headers: { cookie: former } })).status, 401);
});

test('of sign-ins that were begun and left a browser keeps eight, and the next one works', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const begun = () => browser.cookiesOf(cloud.origin).split('holdfast-sign-in-').length - 1;
  for (let count = 1; count <= 8; count++) {
    await browser.ask(`${cloud.origin}/auth/sign-in`);
    assert.equal(begun(), count);
  }
  const page = await browser.open(`${cloud.origin}/auth/sign-in`);
  assert.equal(begun(), 8);
  assert.equal((await browser.submit(page, { username: 'mara', password: PASSWORD })).url, `${cloud.origin}/`);
});

test('B-I4a a session ends after eight hours without use, and after a day in any case', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const idle = await signIn(t, cloud, 'otto@test.localhost', 'another one');
  const start = Date.now();
  const hours = (count: number) => start + count * 3_600_000;
  let now = start;
  t.mock.method(Date, 'now', () => now);
  for (const hour of [7, 14, 21]) {
    now = hours(hour);
    assert.equal((await person.get('/api/v1/session')).status, 200, `used at ${hour} h`);
    if (hour > 8) assert.equal((await idle.get('/api/v1/session')).status, 401, 'not used since the sign-in');
  }
  now = hours(25);
  assert.equal((await person.get('/api/v1/session')).status, 401);
});

test('a sign-in leads back to a path of ours and nowhere else', async (t) => {
  const cloud = await startWholeCloud(t);
  for (const [next, url] of [
    ['/sessions', '/sessions'],
    ['//evil.test/', '/'],
    ['/%5Cevil.test', '/'],
    ['https://evil.test', '/'],
  ]) {
    const browser = openBrowser(t);
    const page = await browser.open(`${cloud.origin}/auth/sign-in?next=${next}`);
    assert.equal((await browser.submit(page, { username: 'mara', password: PASSWORD })).url, `${cloud.origin}${url}`);
  }
});

test('somebody else’s callback begins no session', async (t) => {
  const cloud = await startWholeCloud(t);
  const browser = openBrowser(t);
  const answer = await browser.ask(`${cloud.origin}/auth/callback?code=abc&state=${'s'.repeat(43)}`);
  assert.equal(answer.status, 400);
  assert.equal((await browser.ask(`${cloud.origin}/api/v1/session`)).status, 401);
});

test('with the identity service gone the sign-in says so, and offers the way out', async (t) => {
  const cloud = await startWholeCloud(t);
  await cloud.services.identity.stop();
  const browser = openBrowser(t);
  const answer = await browser.ask(`${cloud.origin}/auth/sign-in`);
  assert.equal(answer.status, 503);
  assert.match(answer.text, /Sign-in isn’t answering/u);
  assert.match(answer.text, /Use Workspace offline/u);
});
