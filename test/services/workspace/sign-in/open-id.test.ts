import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import { newP256, publicHalf } from '#runtime/jose/sign';
import { openIdentityProbe } from '../../../../services/workspace/identity-probe.ts';
import { openProviderWeb } from '../../../../services/workspace/provider-web.ts';
import { SILENT } from '../../../log.ts';
import { refusedWith } from '../../../refused-with.ts';
import { untilHolds } from '../../../until.ts';
import { begunAt, SECRET, signInAt } from '../../sign-in-at.ts';
import { es256, hs256, type StandIn, standInProvider, unsigned } from '../../stand-in-provider.ts';

const pinned = ({ key }: StandIn) => [{ ...publicHalf(key), kid: 'k1' }];

describe('B-I5a only the provider’s own signature counts', () => {
  test('an ID token counts only with the signature of one of the provider’s keys', async (t) => {
    const provider = await standInProvider(t);
    assert.match((await signInAt(provider)).user.subject, /^[\w-]{32}$/u);
    const other = newP256();
    const header = { alg: 'ES256', kid: 'k1' };
    const forged: Readonly<Record<string, StandIn['answers']>> = {
      'not signed': unsigned,
      'by the client’s secret': (claims) => hs256(SECRET, { alg: 'HS256' }, claims),
      'by the public key taken for a secret': (claims) =>
        hs256(JSON.stringify(publicHalf(provider.key)), { ...header, alg: 'HS256' }, claims),
      'by another key': (claims) => es256(other, header, claims),
      'by another key that it brings along': (claims) => es256(other, { ...header, jwk: publicHalf(other) }, claims),
      'by a key that the provider does not name': (claims) => es256(other, { ...header, kid: 'k2' }, claims),
      altered: (claims) => {
        const [head, , signature] = es256(provider.key, header, claims).split('.');
        return [head, Buffer.from(JSON.stringify({ ...claims, sub: 'x-2' })).toString('base64url'), signature].join('.');
      },
    };
    for (const [how, answers] of Object.entries(forged)) {
      await assert.rejects(signInAt(Object.assign(provider, { answers })), refusedWith('untrusted_peer'), how);
    }
  });

  test('a stand-in in the provider’s place signs nobody in: with pinned keys its own do not count', async (t) => {
    const genuine = await standInProvider(t);
    assert.ok(await signInAt(genuine, { keys: pinned(genuine) }));
    const standIn = await standInProvider(t);
    await assert.rejects(signInAt(standIn, { keys: pinned(genuine) }), refusedWith('untrusted_peer'));
  });
});

test('B-I5c over plain HTTP the client’s secret is never sent: it signs', async (t) => {
  const provider = await standInProvider(t);
  await signInAt(provider);
  const [asked] = provider.asked;
  assert.equal(asked?.authorization, undefined);
  assert.equal(asked?.body.has('client_secret'), false);
  assert.match(asked?.body.get('client_assertion') ?? '', /^[\w-]+\.[\w-]+\.[\w-]+$/u);
});

test('a provider that names an address without TLS is not followed there', async (t: TestContext) => {
  const provider = await standInProvider(t);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'end_session_endpoint']) {
    for (const address of ['http://login.test/x', 'http://localhost.login.test/x', 'javascript:alert(1)']) {
      provider.says = { [name]: address };
      await assert.rejects(signInAt(provider), refusedWith('untrusted_peer'), `${name} ${address}`);
    }
  }
});

test('B-S1e however often somebody comes back from a provider that is slow, it is asked whether it answers, and others sign in', async (t) => {
  const provider = await standInProvider(t);
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  t.after(() => answer());
  provider.held = promise;
  const finish = await begunAt(provider);
  const flood = Array.from({ length: 50 }, () => finish());
  const office = finish('192.0.2.2');
  await untilHolds(() => provider.asked.length >= 6);
  const probe = openIdentityProbe(provider.issuer, { web: openProviderWeb(), now: Date.now, signal: t.signal, log: SILENT, everyMs: 10 });
  await untilHolds(() => probe.state().state !== 'unknown');
  assert.equal(probe.state().state, 'up');
  answer();
  await office;
  assert.ok(provider.asked.length < 25, `${provider.asked.length} exchanges were begun before`);
  await Promise.all(flood);
});
