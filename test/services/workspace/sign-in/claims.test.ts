import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import * as v from 'valibot';
import { entitlementOf } from '#core/access/entitlement';
import { parse } from '#protocol/parse';
import { User } from '#protocol/primitives';
import { Claims, type ClaimsOf, personOf } from '../../../../services/workspace/sign-in/claims.ts';
import { refusedWith } from '../../../refused-with.ts';

const BY: ClaimsOf = { tenantKey: 'A'.repeat(43), issuer: 'https://login.test', claims: { upn: 'upn', groups: 'groups' } };
const named = (upn: string) => ({ ...BY, claims: { ...BY.claims, upn } });
/** As it goes on from here: whatever is claimed, it has to be a person as everybody else reads it. */
const mapped = (claims: object, by = BY) => {
  const { user, groupsFault } = personOf(by, parse(Claims, { sub: 'x-1', ...claims }));
  return { user: v.parse(User, JSON.parse(JSON.stringify(user))), groupsFault };
};
const user = (claims: object, by = BY) => mapped(claims, by).user;

describe('B-I8d a name is what the configured claim says', () => {
  test('entitled is by what the provider vouches for, never by what people write there themselves', () => {
    const karl = 'karl@site.test';
    const opens = (claims: object) => entitlementOf({ entitled: { users: [karl], groups: [] } }, user(claims)) !== undefined;
    for (const email_verified of [undefined, false, true])
      assert.equal(opens({ preferred_username: karl, email: karl, email_verified }), false);
    assert.equal(opens({ name: karl }), false);
    assert.equal(opens({ sub: karl }), false, 'an id is no name');
    assert.equal(opens({ upn: 'Karl@SITE.test' }), true);
    // The last two are taken for it by whoever brings the one form into its form again.
    for (const upn of ['\u212aarl@site.test', `//${karl}`, `/ ${karl}`])
      assert.throws(() => opens({ upn }), refusedWith('untrusted_peer', /claim upn/u), upn);
  });

  test('who is named by another claim is so because the configuration says it; mail only where it is verified', () => {
    const email = 'alice@test.localhost';
    assert.equal(user({ preferred_username: 'Alice' }, named('preferred_username')).upn, 'alice');
    for (const email_verified of [false, 'true', 1, null])
      assert.equal(user({ email, email_verified }, named('email')).upn, user({}).subject);
    assert.equal(user({ email, email_verified: true }, named('email')).upn, email);
  });
});

test('B-I2a groups are those of the configured claim; one whose name is none counts nowhere', () => {
  const roles = { ...BY, claims: { ...BY.claims, groups: 'roles' } };
  const said = ['/Staff', 'Sta\ufb00', 'x\u200b', `CN=${'x'.repeat(198)}`];
  assert.deepEqual(user({ groups: ['Board'], roles: said }, roles).groups, ['/Staff']);
  const none = { ...BY, claims: { ...BY.claims, groups: false as const } };
  assert.deepEqual(user({ groups: ['Board'] }, none).groups, [], 'the configuration says that there are none');
});

test('B-I2a a claim may lie at a path; one that has the whole name counts before it', () => {
  const at = (name: string) => ({ ...BY, claims: { ...BY.claims, groups: name } });
  const groups = (claims: object, name = 'realm_access.roles') => mapped(claims, at(name)).groupsFault ?? user(claims, at(name)).groups;
  const roles = { realm_access: { roles: ['Staff'] } };
  assert.deepEqual(groups(roles), ['Staff']);
  assert.deepEqual(groups({ ...roles, 'realm_access.roles': ['Board'] }), ['Board']);
  assert.equal(groups({ ...roles, 'realm_access.roles': null }), 'absent', 'it is there, and says nothing');
  assert.deepEqual(groups({ 'https://contoso.example/roles': ['Staff'] }, 'https://contoso.example/roles'), ['Staff']);
  const client = { resource_access: { 'my.client': { roles: ['Staff'] }, my: { client: {} } } };
  assert.deepEqual(groups(client, 'resource_access.my.client.roles'), ['Staff'], 'names on the way may have dots');
  for (const odd of [{}, { realm_access: null }, { realm_access: 'roles' }, { realm_access: [{ roles: ['Staff'] }] }, { realm_access: {} }])
    assert.equal(groups(odd), 'absent', JSON.stringify(odd));
  assert.equal(groups({ realm_access: { roles: {} } }), 'unreadable');
  for (const inherited of ['constructor.name', 'realm_access.constructor', '__proto__.x']) assert.equal(groups(roles, inherited), 'absent');
  for (const name of ['realm_access', 'realm_access.roles'])
    assert.equal(groups({ ...roles, _claim_names: { [name]: 'src1' } }), 'elsewhere', 'there are more');
  assert.equal(user({ identity: { upn: 'Mara@site.test' } }, named('identity.upn')).upn, 'mara@site.test');
});

test('B-I2d groups are known when the provider said them: an empty list is none, a claim that is not there is unknown', () => {
  const groups = (claims: object) => {
    const { user, groupsFault } = mapped(claims);
    assert.equal(user.groups === undefined, groupsFault !== undefined);
    return groupsFault ?? user.groups;
  };
  assert.deepEqual(groups({ groups: [] }), []);
  for (const absent of [{}, { groups: null }, { groups: '' }]) assert.equal(groups(absent), 'absent', JSON.stringify(absent));
  const elsewhere = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.test/x' } } };
  assert.equal(groups(elsewhere), 'elsewhere');
  assert.equal(groups({ ...elsewhere, groups: ['Staff'] }), 'elsewhere', 'there are more');
  const absentIsNone = { ...BY, claims: { ...BY.claims, absentGroups: 'none' as const } };
  assert.deepEqual(user({}, absentIsNone).groups, [], 'the configuration says that this provider means it so');
  assert.equal(user(elsewhere, absentIsNone).groups, undefined);
  for (const odd of [7.5, true, {}, [null], ['Staff', { name: 'Board' }], [['Staff']], 'Staff,Board', 'Staff; Board'])
    assert.equal(groups({ groups: odd }), 'unreadable', JSON.stringify(odd));
  assert.equal(groups({ groups: Array.from({ length: 2_001 }, (_, n) => `g${n}`) }), 'too-many');
  assert.deepEqual(groups({ groups: 'Staff' }), ['Staff'], 'one text is one group');
  assert.deepEqual(groups({ groups: 'CN=Staff,OU=Groups' }), ['CN=Staff,OU=Groups']);
  assert.deepEqual(groups({ groups: [7, 'Staff'] }), ['7', 'Staff']);
});

test('B-I2e a claim that is only shown, or not there, keeps nobody out', () => {
  const name = (claims: object) => user(claims).name;
  const { subject } = user({});
  for (const odd of [null, '', ' \t', 7.5, {}, ['Mara']]) assert.equal(name({ name: odd }), subject, JSON.stringify(odd));
  assert.equal(name({ name: 'Mara\tKeller\n' }), 'Mara Keller');
  assert.equal(name({ name: null, preferred_username: 'mara' }), 'mara');
  assert.equal(name({ name: 'x'.repeat(201) }).length, 200);
  assert.equal(name({ name: `${'x'.repeat(198)}\u{1f511}\u{1f511}` }), `${'x'.repeat(198)}…`, 'no half of a character');
  for (const email of ['', null]) assert.equal(user({ email, email_verified: true }, named('email')).upn, subject);
  assert.equal(user({ employee: 4711 }, named('employee')).upn, '4711');
  assert.equal(parse(Claims, { sub: 'x-1', auth_time: 'yesterday' }).auth_time, undefined);
});

test('one person of one provider is one subject and one id, whatever the name is', () => {
  assert.deepEqual(
    [user({ upn: 'a@test.localhost' }).subject, user({ upn: 'a@test.localhost' }).id],
    [user({ upn: 'b@test.localhost' }).subject, 'x-1'],
  );
  assert.notEqual(user({}).subject, user({ sub: 'x-2' }).subject);
});
