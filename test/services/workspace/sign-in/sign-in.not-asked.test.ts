/** A provider that goes on with the session from before the sign-out, whatever it is told. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { CSRF_HEADER } from '#protocol/workspace-api';
import { openBrowser } from '../../cookie-browser.ts';
import { personIn } from '../../person.ts';
import { signInAt } from '../../sign-in-at.ts';
import { standInProvider } from '../../stand-in-provider.ts';
import { startWholeCloud } from '../../whole-cloud.ts';

const seconds = () => Math.floor(Date.now() / 1_000);

test('B-I6c who signed out and is not asked again is told so, not sent round in circles', async (t) => {
  const provider = Object.assign(await standInProvider(t), { claims: { groups: [], auth_time: seconds() - 60 } });
  const { origin } = await startWholeCloud(t, { signIn: { issuer: provider.issuer, keys: undefined } });
  const browser = openBrowser(t);
  assert.equal((await browser.open(`${origin}/auth/sign-in`)).url, `${origin}/`);
  const { session, post } = await personIn(browser, origin);
  assert.equal((await post('/auth/sign-out', {}, { [CSRF_HEADER]: session.csrf })).status, 200);
  const told = await browser.open(`${origin}/auth/sign-in`);
  assert.deepEqual([told.status, /role="alert">([^<]*)</u.exec(told.text)?.[1]?.slice(0, 20)], [401, 'You signed out here,']);
  provider.claims = { groups: [], auth_time: seconds() + 1 };
  assert.equal((await browser.open(`${origin}/auth/sign-in`)).url, `${origin}/`);
});

test('a provider’s clock that is ahead makes no sign-in later than it was', async (t) => {
  const provider = await standInProvider(t);
  const at = seconds();
  const authenticated = async (claims: object) => {
    provider.claims = { ...claims };
    return (await signInAt(provider, { now: at * 1_000 })).authenticatedAt;
  };
  assert.equal(await authenticated({ iat: at + 240, exp: at + 600, auth_time: at + 180 }), at - 60);
  assert.equal(await authenticated({ iat: at - 240, exp: at + 60, auth_time: at - 300 }), at - 300);
  assert.equal(await authenticated({}), undefined);
});
