import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { configuredUsers } from '../../../../services/identity/sources/configured-users.ts';
import { refusedWith } from '../../../refused-with.ts';

/** The cheapest cost there is: what it protects is a test's. */
function user(upn: string, password = 'right') {
  const salt = Buffer.alloc(16);
  const hash = scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 });
  const passwordHash = `scrypt$2$1$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
  return { upn, name: upn, groups: ['staff'], passwordHash };
}

test('a user is found by the whole name, or by its first part where that is one user’s only', async () => {
  const users = configuredUsers([user('anna@a.example'), user('ben@a.example'), user('ben@b.example')]);
  assert.equal((await users.find(' Anna '))?.upn, 'anna@a.example');
  assert.equal((await users.find('BEN@b.example'))?.upn, 'ben@b.example');
  assert.equal(await users.find('ben'), undefined);
});

test('a password is checked, and neither a wrong one nor an unknown name gives a user', async () => {
  const users = configuredUsers([user('anna@a.example')]);
  assert.equal((await users.check('anna', 'right'))?.upn, 'anna@a.example');
  assert.equal(await users.check('anna', 'wrong'), undefined);
  assert.equal(await users.check('nobody', 'right'), undefined);
});

test('a user is found by every spelling, by no look-alike, and keeps the id when the name changes', async () => {
  const users = configuredUsers([user('zo\u00eb@a.example'), { ...user('karl@a.example'), id: 'k-1' }]);
  assert.equal((await users.find('ZOE\u0308@a.example'))?.upn, 'zo\u00eb@a.example');
  assert.equal(await users.find('\u212aarl'), undefined);
  assert.equal((await users.byId('k-1'))?.upn, 'karl@a.example');
  assert.equal(await users.byId('karl@a.example'), undefined);
  assert.throws(
    () =>
      configuredUsers([
        { ...user('a@a.example'), id: 'k-1' },
        { ...user('b@a.example'), id: 'k-1' },
      ]),
    refusedWith('bad_config'),
  );
});

test('two users of one name and an invalid hash are refused', () => {
  const bad = refusedWith('bad_config');
  assert.throws(() => configuredUsers([user('anna@a.example'), user('Anna@a.example')]), bad);
  const [anna, otto] = [user('anna@a.example'), user('otto@a.example')];
  assert.throws(
    () =>
      configuredUsers([
        { ...anna, id: 'x-1' },
        { ...otto, id: 'x-1' },
      ]),
    bad,
  );
  configuredUsers([
    { ...anna, id: 'x-1' },
    { ...otto, id: 'x-2' },
  ]);
  const hashed = (passwordHash: string) => () => configuredUsers([{ ...anna, passwordHash }]);
  hashed('scrypt$16384$8$1$c2FsdA$aGFzaA')();
  hashed('scrypt$32768$8$1$c2FsdA$aGFzaA')();
  for (const hash of [
    'plain',
    'bcrypt$16384$8$1$c2FsdA$aGFzaA',
    'scrypt$0$8$1$c2FsdA$aGFzaA',
    'scrypt$16384$-8$1$c2FsdA$aGFzaA',
    'scrypt$16384$8$1.5$c2FsdA$aGFzaA',
    'scrypt$16384$8$1$$aGFzaA',
    'scrypt$16384$8$1$c2FsdA$',
    'scrypt$16384$8$1$c2FsdA',
    'scrypt$65536$8$1$c2FsdA$aGFzaA',
  ])
    assert.throws(hashed(hash), bad, hash);
});
