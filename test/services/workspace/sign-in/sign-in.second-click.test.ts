/** The way back from the provider, opened more than once. */
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { openBrowser } from '../../cookie-browser.ts';
import { type StandIn, standInProvider } from '../../stand-in-provider.ts';
import { startWholeCloud } from '../../whole-cloud.ts';

/** A browser at the point where the provider sends it back. */
async function atTheDoor(t: TestContext, change: Partial<StandIn> = {}) {
  const provider = Object.assign(await standInProvider(t), { claims: { groups: [] }, ...change });
  const { origin } = await startWholeCloud(t, { signIn: { issuer: provider.issuer, keys: undefined } });
  const browser = openBrowser(t);
  const toProvider = await browser.ask(`${origin}/auth/sign-in?next=/`);
  const back = await browser.ask(String(toProvider.headers['location']));
  return { provider, origin, browser, callback: String(back.headers['location']) };
}

test('B-I3e the way back that is opened twice leads to the portal both times', async (t) => {
  const { browser, callback, origin } = await atTheDoor(t);
  for (const time of ['first', 'second']) {
    const answer = await browser.ask(callback);
    assert.deepEqual([answer.status, answer.headers['location']], [303, '/'], time);
  }
  browser.forget(origin);
  assert.equal((await browser.ask(callback)).status, 400, 'a stranger’s browser is told that it began elsewhere');
});

test('a code that another click has used up begins the sign-in once more, and only once', async (t) => {
  const { browser, callback, provider, origin } = await atTheDoor(t, { instead: { '/token': [400, { error: 'invalid_grant' }] } });
  const again = await browser.ask(callback);
  assert.equal(again.status, 302);
  assert.ok(String(again.headers['location']).startsWith(`${provider.issuer}/auth?`));
  const told = await browser.open(String(again.headers['location']));
  assert.deepEqual(
    [told.status, /role="alert">([^<]*)</u.exec(told.text)?.[1]],
    [401, 'This sign-in has already been used, or it has expired.'],
  );
  provider.instead = {};
  assert.equal((await browser.open(`${origin}/auth/sign-in`)).url, `${origin}/`);
});
