import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from '#protocol/parse';
import { Issuer } from '#protocol/primitives';
import { signInAt } from '../../sign-in-at.ts';
import { standInProvider } from '../../stand-in-provider.ts';

test('an issuer is written as its documentation has it, and is one issuer', () => {
  const one = (text: string) => parse(Issuer, text);
  for (const text of ['', '/', '/.well-known/openid-configuration'])
    assert.equal(one(`https://SSO.example.com:443/realms/main${text}`), 'https://sso.example.com/realms/main');
  assert.equal(one('https://sso.example.com/'), 'https://sso.example.com');
  assert.equal(one('http://login.localhost:8401/tenant/v2.0/'), 'http://login.localhost:8401/tenant/v2.0');
  for (const text of ['https://sso.example.com/?tenant=a', 'https://sso.example.com/#main']) assert.throws(() => one(text));
});

test('a provider with a path signs people in, whether it writes a slash after it or not', async (t) => {
  const provider = await standInProvider(t, { path: '/realms/main' });
  const plain = await signInAt(provider);
  provider.iss = `${provider.issuer}/`;
  assert.equal((await signInAt(provider)).user.subject, plain.user.subject, 'the same person');
});
