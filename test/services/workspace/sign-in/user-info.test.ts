import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { openProviderWeb } from '../../../../services/workspace/provider-web.ts';
import { personOf } from '../../../../services/workspace/sign-in/claims.ts';
import { together } from '../../../../services/workspace/sign-in/user-info.ts';
import { newAuthority } from '../../../authority.ts';
import { refusedWith } from '../../../refused-with.ts';
import { type SignInChange, signInAt } from '../../sign-in-at.ts';
import { type StandIn, standInProvider } from '../../stand-in-provider.ts';

const MARA = { upn: 'mara@site.test', groups: ['Staff'], name: 'Mara Keller' };
const BY = { tenantKey: 'A'.repeat(43), issuer: 'https://login.test', claims: { upn: 'upn', groups: 'groups' } };

/** A provider over TLS with that at its userinfo endpoint, and how to sign in there. */
async function providerOf(t: TestContext, change: Partial<StandIn>) {
  const authority = await newAuthority(t);
  const provider = Object.assign(await standInProvider(t, { tls: await authority.certify('127.0.0.1') }), change);
  const web = openProviderWeb({ env: {}, caFile: authority.file });
  t.after(() => web.close());
  return { provider, enter: (options: SignInChange = {}) => signInAt(provider, { web, ...options }) };
}

test('B-I2a claims that a provider gives at its userinfo endpoint only are the person’s', async (t) => {
  const { provider, enter } = await providerOf(t, { userInfo: MARA });
  const { user } = await enter();
  assert.deepEqual([user.upn, user.groups, user.name], [MARA.upn, MARA.groups, MARA.name]);
  provider.claims = { _claim_names: { groups: 'src1' } };
  assert.deepEqual((await enter()).user.groups, MARA.groups, 'what the token says to be elsewhere is here');
  provider.userInfo = { _claim_names: { groups: 'src1' } };
  provider.claims = {};
  assert.equal((await enter()).groupsFault, 'elsewhere');
});

test('B-I2c a userinfo endpoint that refuses, or speaks of somebody else, adds nothing and keeps nobody out', async (t) => {
  const { provider, enter } = await providerOf(t, { userInfo: MARA, claims: { upn: MARA.upn } });
  for (const [status, body] of [
    [403, { error: 'insufficient_scope' }],
    [200, { ...MARA, sub: 'x-2' }],
    [200, '<p>Welcome</p>'],
  ] as const) {
    provider.instead = { '/userinfo': [status, body] };
    const { user, groupsFault, userInfoFault } = await enter();
    assert.deepEqual([user.upn, user.groups, groupsFault], [MARA.upn, undefined, 'absent'], String(status));
    assert.notEqual(userInfoFault, undefined, 'the log has why');
  }
  provider.instead = { '/userinfo': [503, 'later'] };
  await assert.rejects(enter(), refusedWith('unavailable'), 'a moment later it answers');
});

test('B-I5a what is not signed counts over TLS only, and never beside pinned keys', async (t) => {
  const plain = Object.assign(await standInProvider(t), { userInfo: MARA });
  assert.equal((await signInAt(plain)).user.groups, undefined);
  const { provider, enter } = await providerOf(t, { userInfo: MARA });
  const { key } = provider;
  const { kty, crv, x, y } = key;
  assert.equal((await enter({ keys: [{ kty, crv, x, y, kid: 'k1' }] })).user.groups, undefined);
  provider.says = { userinfo_endpoint: 'http://login.test/userinfo' };
  await assert.rejects(enter(), refusedWith('untrusted_peer', /isn’t a safe address/u));
});

test('of what both say the ID token counts, and a verified address is verified where it stands', () => {
  const idToken = { sub: 'x-1', upn: 'mara@site.test', email: 'mara@site.test', groups: null };
  const userInfo = { sub: 'x-1', auth_time: 1, upn: 'otto@site.test', email: 'otto@site.test', email_verified: true, groups: ['Staff'] };
  const claims = together(idToken, userInfo, ['upn', 'groups']);
  assert.deepEqual([claims['upn'], claims['groups'], claims.auth_time], ['mara@site.test', ['Staff'], undefined]);
  const byMail = { ...BY, claims: { upn: 'email', groups: 'groups' } };
  const upnOf = (said: Parameters<typeof together>[1]) =>
    personOf(byMail, together(idToken, said, ['email', 'email_verified', 'groups'])).user.upn;
  const { subject } = personOf(BY, idToken).user;
  assert.equal(upnOf(userInfo), subject, 'another’s verified address verifies not this one');
  assert.equal(upnOf({ ...userInfo, email: idToken.email }), idToken.email);
});

test('B-I2a a claim at a path is the person’s also where each says a part of what it lies in', () => {
  const by = { ...BY, claims: { upn: 'upn', groups: 'realm_access.roles' } };
  const groups = (idToken: object, userInfo: object) =>
    personOf(by, together({ sub: 'x-1', ...idToken }, { sub: 'x-1', ...userInfo }, ['upn', 'realm_access.roles'])).user.groups;
  const roles = { realm_access: { roles: ['Staff'] } };
  assert.deepEqual(groups({}, roles), ['Staff']);
  assert.deepEqual(groups({ realm_access: { verify_caller: true } }, roles), ['Staff']);
  assert.deepEqual(groups(roles, { realm_access: { roles: ['Board'] } }), ['Staff'], 'the ID token is signed');
  assert.deepEqual(groups({ _claim_names: { realm_access: 'src1' } }, roles), ['Staff'], 'what the token says to be elsewhere is here');
});

test('scopes are the configuration’s, and claims are asked for by name where the provider lets one', async (t) => {
  const provider = await standInProvider(t);
  await signInAt(provider, { scopes: ['groups', 'openid'], claims: { upn: 'email', groups: 'roles' } });
  assert.deepEqual([provider.began.get('scope'), provider.began.get('claims')], ['openid groups', null]);
  provider.says = { claims_parameter_supported: true };
  await signInAt(provider, { claims: { upn: 'email', groups: 'roles' } });
  const wanted = { name: null, email: null, email_verified: null, roles: null };
  assert.deepEqual(JSON.parse(provider.began.get('claims') ?? ''), { id_token: wanted, userinfo: wanted });
  await signInAt(provider, { claims: { upn: 'upn', groups: 'realm_access.roles' } });
  const atPath = { name: null, upn: null, 'realm_access.roles': null, realm_access: null };
  assert.deepEqual(JSON.parse(provider.began.get('claims') ?? ''), { id_token: atPath, userinfo: atPath });
});
