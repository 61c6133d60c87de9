import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from '#protocol/parse';
import { Claims, userOf } from '../../../../services/workspace/sign-in/claims.ts';

const BY = { tenantKey: 'A'.repeat(43), issuer: 'https://login.test' };
const upnOf = (claims: object) => userOf(BY, parse(Claims, { sub: 'x-1', ...claims })).upn;

test('B-I2 a person is named by what the provider vouches for, never by an address of mail that nobody verified', () => {
  const email = 'alice@test.localhost';
  assert.equal(upnOf({ email }), 'x-1');
  for (const email_verified of [false, 'true', 1, null]) assert.equal(upnOf({ email, email_verified }), 'x-1');
  assert.equal(upnOf({ email, email_verified: true }), email);
  assert.equal(upnOf({ email, email_verified: true, preferred_username: 'bob@test.localhost' }), 'bob@test.localhost');
  assert.equal(upnOf({ email, preferred_username: 'bob', upn: 'carol@test.localhost' }), 'carol@test.localhost');
});

test('B-I2 one person of one provider is one subject, whatever the name is', () => {
  const subject = (claims: object) => userOf(BY, parse(Claims, { sub: 'x-1', ...claims })).subject;
  assert.equal(subject({ upn: 'a@test.localhost' }), subject({ upn: 'b@test.localhost' }));
  assert.notEqual(subject({}), subject({ sub: 'x-2' }));
});
