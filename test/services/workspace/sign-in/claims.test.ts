import assert from 'node:assert/strict';
import test from 'node:test';
import { entitledBy } from '#core/access/entitlement';
import { parse } from '#protocol/parse';
import { Claims, userOf } from '../../../../services/workspace/sign-in/claims.ts';
import { refusedWith } from '../../../refused-with.ts';

const BY = { tenantKey: 'A'.repeat(43), issuer: 'https://login.test', claims: { upn: 'upn', groups: 'groups' } };
const named = (upn: string) => ({ ...BY, claims: { ...BY.claims, upn } });
const user = (claims: object, by: Parameters<typeof userOf>[0] = BY) => userOf(by, parse(Claims, { sub: 'x-1', ...claims }));

test('B-I8 entitled is by what the provider vouches for, never by what people write there themselves', () => {
  const karl = 'karl@site.test';
  const opens = (claims: object) => entitledBy({ entitled: { users: [karl], groups: [] } }, user(claims)) !== undefined;
  for (const email_verified of [undefined, false, true])
    assert.equal(opens({ preferred_username: karl, email: karl, email_verified }), false);
  assert.equal(opens({ name: karl }), false);
  assert.equal(opens({ sub: karl }), false, 'an id is no name');
  assert.equal(opens({ upn: 'Karl@SITE.test' }), true);
  assert.throws(() => user({ upn: '\u212aarl@site.test' }), refusedWith('untrusted_peer', /claim upn/u));
});

test('B-I8 who is named by another claim is so because the configuration says it; mail only where it is verified', () => {
  const email = 'alice@test.localhost';
  assert.equal(user({ preferred_username: 'Alice' }, named('preferred_username')).upn, 'alice');
  for (const email_verified of [false, 'true', 1, null])
    assert.equal(user({ email, email_verified }, named('email')).upn, user({}).subject);
  assert.equal(user({ email, email_verified: true }, named('email')).upn, email);
});

test('B-I8 groups are those of the configured claim; one whose name is none counts nowhere', () => {
  const roles = { ...BY, claims: { ...BY.claims, groups: 'roles' } };
  assert.deepEqual(user({ groups: ['Board'], roles: ['/Staff', 'Sta\ufb00', 'x\u200b'] }, roles).groups, ['/Staff']);
  assert.throws(() => user({ groups: 'Board' }), refusedWith('untrusted_peer', /claim groups/u));
});

test('B-I2 one person of one provider is one subject and one id, whatever the name is', () => {
  assert.deepEqual(
    [user({ upn: 'a@test.localhost' }).subject, user({ upn: 'a@test.localhost' }).id],
    [user({ upn: 'b@test.localhost' }).subject, 'x-1'],
  );
  assert.notEqual(user({}).subject, user({ sub: 'x-2' }).subject);
});
