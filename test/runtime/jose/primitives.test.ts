import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { newEd25519, newP256, privateKeyOf, publicHalf } from '../../../runtime/jose/sign.ts';

const component = newEd25519();
const device = newP256();
const KEYS = [
  { name: 'a component’s', key: publicHalf(component), sign: (input: string) => sign(null, Buffer.from(input), privateKeyOf(component)) },
  {
    name: 'a device’s',
    key: publicHalf(device),
    sign: (input: string) => sign('sha256', Buffer.from(input), { key: privateKeyOf(device), dsaEncoding: 'ieee-p1363' }),
  },
];

for (const { name, key, sign: signed } of KEYS) {
  test(`${name} signature is good as often as it is asked, and for nothing else`, () => {
    const signature = signed('head.claims').toString('base64url');
    for (let round = 0; round < 3; round++) {
      assert.ok(nodeCrypto.verify(key, 'head.claims', signature));
      assert.ok(!nodeCrypto.verify(key, 'head.claim', `s${signature}`));
      assert.ok(!nodeCrypto.verify(key, 'head.claims2', signature));
      assert.ok(!nodeCrypto.verify(publicHalf(newEd25519()), 'head.claims', signature));
      assert.ok(!nodeCrypto.verify(key, 'head.claims', signed('head.other').toString('base64url')));
    }
  });
}

test('more good signatures than are remembered are all good', () => {
  const [own] = KEYS;
  assert.ok(own);
  const tokens = Array.from({ length: 1_100 }, (_, n) => ({ input: `head.${n}`, signature: own.sign(`head.${n}`).toString('base64url') }));
  for (let round = 0; round < 2; round++) {
    for (const { input, signature } of tokens) assert.ok(nodeCrypto.verify(own.key, input, signature));
  }
});
