import assert from 'node:assert/strict';
import test from 'node:test';
import { isOwnSignIn } from '../../../../services/workspace/sign-in/freshness.ts';

const AT = 1_800_000_000_500;
const second = Math.floor(AT / 1_000);

test('B-I6c a provider’s session from before the sign-out is not the person’s own sign-in', () => {
  const own = (authenticatedAt: number | undefined, askedAgain = false, signedOutAt = AT) =>
    isOwnSignIn({ authenticatedAt }, signedOutAt, askedAgain);
  assert.equal(own(second - 60), false);
  assert.equal(own(second - 1, true), false, 'whoever took the order to ask out of the address');
  assert.equal(own(second), false);
  assert.equal(own(second, true), true);
  assert.equal(own(second + 1), true);
  assert.equal(own(undefined), false, 'a provider that does not say when it asked is told to ask');
  assert.equal(own(undefined, true), true);
  assert.equal(own(second - 60, false, 0), true, 'who never signed out');
});
