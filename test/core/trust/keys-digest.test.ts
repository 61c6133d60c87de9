import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysDigest } from '../../../core/trust/keys-digest.ts';
import { nodeCrypto, sha256, thumbprint } from '../../../runtime/jose/primitives.ts';
import { newEd25519, publicHalf } from '../../../runtime/jose/sign.ts';

test('a renewal proves both keys that are to be stated', () => {
  const keys = { tls: sha256('certificate'), sign: publicHalf(newEd25519()) };
  const digest = keysDigest(nodeCrypto, keys);
  assert.equal(digest, sha256(`${keys.tls}.${thumbprint(keys.sign)}`));
  assert.notEqual(keysDigest(nodeCrypto, { ...keys, tls: sha256('another') }), digest);
  assert.notEqual(keysDigest(nodeCrypto, { ...keys, sign: publicHalf(newEd25519()) }), digest);
});
