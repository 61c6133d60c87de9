import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { refusedWith } from '../../../refused-with.ts';
import { signInAt } from '../../sign-in-at.ts';
import { type StandIn, standInProvider } from '../../stand-in-provider.ts';

const MINUTES_6 = 360_000;

describe('B-I3f each failure of a provider has its own message', () => {
  test('each failure of a provider has a reason of its own', async (t) => {
    const provider = await standInProvider(t);
    const token = (status: number, body: object | string): Partial<StandIn> => ({ instead: { '/token': [status, body] } });
    const discovery = (status: number, body: object | string): Partial<StandIn> => ({
      instead: { '/.well-known/openid-configuration': [status, body] },
    });
    const cases: readonly (readonly [what: string, change: Partial<StandIn>, expected: RegExp])[] = [
      ['a secret that has expired', token(401, { error: 'invalid_client' }), /^bad_config provider-client$/u],
      ['the same, in other words', token(403, { error: 'unauthorized_client' }), /^bad_config provider-client$/u],
      ['the same, as a page', token(401, '<p>401</p>'), /^bad_config provider-client$/u],
      ['a scope that it does not have', token(400, { error: 'invalid_scope' }), /^bad_config provider-request code=invalid_scope$/u],
      ['a code that was used', token(400, { error: 'invalid_grant' }), /^not_signed_in sign-in-used$/u],
      ['its own error', token(500, '<p>500</p>'), /^unavailable identity-provider$/u],
      [
        'no document where the issuer should be',
        discovery(404, 'none'),
        /^bad_config provider-missing url=http:\/\/\S+\/openid-configuration$/u,
      ],
      ['a page in its place', discovery(200, '<p>Welcome</p>'), /^bad_config provider-missing/u],
      ['another issuer', { iss: 'https://other.test/' }, /^bad_config provider-issuer expected=http:\S+ found=https:\/\/other\.test\/$/u],
      ['a document that is not there for a while', discovery(503, 'none'), /^unavailable identity-provider$/u],
    ];
    for (const [what, change, expected] of cases) {
      Object.assign(provider, { instead: {}, iss: provider.issuer, ...change });
      await assert.rejects(signInAt(provider), ({ message }: Error) => expected.test(message) || assert.fail(`${what}: ${message}`));
    }
  });

  test('who is refused by the provider, or cancels there, is told so', async (t) => {
    const provider = await standInProvider(t);
    await assert.rejects(
      signInAt(provider, { back: { error: 'access_denied' } }),
      refusedWith('not_signed_in', /didn’t let you in.*\(access_denied\)/u),
    );
    await assert.rejects(signInAt(provider, { back: { error: 'server_error' } }), refusedWith('unavailable'));
    await assert.rejects(
      signInAt(provider, { back: { error: 'unauthorized_client' } }),
      refusedWith('bad_config', /\(unauthorized_client\)/u),
    );
  });

  test('a clock that is six minutes off is said, in either direction, and one that is four off does not matter', async (t) => {
    const provider = await standInProvider(t);
    const at = Math.floor(Date.now() / 1_000);
    const dated = (seconds: number) => ({ iat: at + seconds, exp: at + seconds + 120 });
    for (const seconds of [-360, 360]) {
      provider.claims = dated(seconds);
      await assert.rejects(signInAt(provider), refusedWith('untrusted_peer', /clocks .* differ by 3(?:59|60|61|62) s/u));
    }
    for (const seconds of [-240, 240]) {
      provider.claims = dated(seconds);
      assert.ok(await signInAt(provider));
    }
    provider.claims = dated(0);
    await assert.rejects(signInAt(provider, { now: Date.now() + MINUTES_6 }), refusedWith('untrusted_peer', /clocks/u), 'ours');
  });
});
