import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceDigest } from '../../../core/lease/device-digest.ts';
import { nodeCrypto, sha256, thumbprint } from '../../../runtime/jose/primitives.ts';
import { newP256, publicHalf } from '../../../runtime/jose/sign.ts';

test('a device proves both of its keys, each for its own use', () => {
  const [sign, enc] = [publicHalf(newP256()), publicHalf(newP256())];
  assert.equal(deviceDigest(nodeCrypto, sign, enc), sha256(`${thumbprint(sign)}.${thumbprint(enc)}`));
  assert.notEqual(deviceDigest(nodeCrypto, sign, enc), deviceDigest(nodeCrypto, enc, sign));
});
