/** Whatever a stranger sends, a judgement comes out and nothing is thrown: any text, and good tokens damaged anywhere. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { TYP } from '#protocol/jose';
import { type SignedRootBundle, Statement } from '#protocol/trust';
import { openJws } from '../../../core/trust/jws.ts';
import { acceptNextBundle } from '../../../core/trust/root-bundle.ts';
import { hear } from '../../../core/trust/trust.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { seal } from '../../seal.ts';
import { NOW, newDevice, newWorld, signBundle } from '../../vectors/world.ts';

const world = newWorld();
const device = newDevice();
const trust = world.trustWith();
const { statement } = world.component('gateway', 'gateway-1');

/** A text with one piece replaced by another: longer, shorter, empty, of any characters. */
function damaged(text: string) {
  const place = fc.nat({ max: text.length - 1 });
  return fc
    .tuple(place, fc.nat({ max: 40 }), fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('.', '=', '-_', '\0')))
    .map(([at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length))
    .filter((result) => result !== text);
}

const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.json(), damaged(statement));

test('no text but the signed one opens as a token', () => {
  fc.assert(
    fc.property(anything, (token) => {
      assert.equal(openJws(nodeCrypto, token, TYP.statement, Statement, trust.bundle.roles.trust).ok, false);
    }),
    { numRuns: 500 },
  );
});

test('no text but the sealed one opens with the device’s key', () => {
  const sealed = seal('a.b.c', device.enc);
  assert.equal(device.unseal(sealed), 'a.b.c');
  fc.assert(
    fc.property(fc.oneof(anything, damaged(sealed)), (jwe) => {
      assert.equal(device.unseal(jwe), undefined);
    }),
    { numRuns: 500 },
  );
});

test('no damaged root bundle is followed, and no damaged list heard', () => {
  const next = signBundle({ ...world.bundle, version: 2 }, world.roots.slice(0, 2));
  assert.ok(acceptNextBundle(nodeCrypto, world.bundle, next).ok);
  const bundles = fc.record({
    payload: fc.oneof(damaged(next.payload), anything),
    signatures: fc.array(fc.record({ protected: anything, signature: anything }), { minLength: 1, maxLength: 3 }),
  }) satisfies fc.Arbitrary<SignedRootBundle>;
  const news = fc.record({
    rootBundles: fc.array(
      fc.oneof(
        bundles,
        damaged(next.payload).map((payload) => ({ ...next, payload })),
      ),
    ),
    revocations: damaged(world.listToken([], 9)),
  });
  fc.assert(
    fc.property(news, (heard) => {
      assert.equal(hear(nodeCrypto, trust, heard, NOW), trust);
    }),
    { numRuns: 300 },
  );
});
