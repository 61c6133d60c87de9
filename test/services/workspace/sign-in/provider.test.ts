import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { parse } from '#protocol/parse';
import { Issuer } from '#protocol/primitives';
import { openProviderWeb } from '../../../../services/workspace/provider-web.ts';
import { openProvider } from '../../../../services/workspace/sign-in/provider.ts';
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

test('who asks again after a failed discovery shares the next one, however many waited for the first', async (t) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const bound = server.address();
  const issuer = `http://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`;
  const web = openProviderWeb();
  t.after(() => web.close());
  const provider = openProvider({ web, issuer, clientId: 'workspace', clientSecret: 's'.repeat(32) });
  const twice = () => provider().catch(() => provider());
  const outcomes = await Promise.allSettled([twice(), twice(), twice()]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  assert.equal(asked, 2);
});
