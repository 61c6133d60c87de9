import assert from 'node:assert/strict';
import { sign as signBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import type { SignedRootBundle } from '#protocol/trust';
import { acceptNextBundle, acceptPinnedBundle } from '../../../core/trust/root-bundle.ts';
import { nodeCrypto, sha256 } from '../../../runtime/jose/primitives.ts';
import { componentSigner, newEd25519, privateKeyOf } from '../../../runtime/jose/sign.ts';
import { newDevice, newWorld, signBundle } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const [r1, r2, r3] = world.roots;
const [n1, n2, n3] = [newEd25519(), newEd25519(), newEd25519()].map(componentSigner);
assert.ok(r1 && r2 && r3 && n1 && n2 && n3);
const next = { ...world.bundle, version: 2 };
const moved = { ...next, rootKeys: [n1, n2, n3].map(({ publicKey }) => publicKey) };
const accepted = (signed: SignedRootBundle) => outcomeOf(acceptNextBundle(nodeCrypto, world.bundle, signed));

/** As a signer other than ours would sign it: the first signature's header and bytes are of this token. */
function signedWith(token: string, ...others: (typeof world.roots)[number][]): SignedRootBundle {
  const [head = '', , signature = ''] = token.split('.');
  const { payload, signatures } = signBundle(next, others);
  return { payload, signatures: [{ protected: head, signature }, ...signatures] };
}

describe('the next root bundle', () => {
  const CASES: readonly (readonly [what: string, signed: SignedRootBundle, outcome: string])[] = [
    ['signed by two of three', signBundle(next, [r1, r3]), 'good'],
    ['signed by all three', signBundle(next, [r1, r2, r3]), 'good'],
    ['signed by one', signBundle(next, [r2]), 'not-signed-by-old'],
    ['signed by one, twice', signBundle(next, [r2, r2]), 'not-signed-by-old'],
    ['with a signature of somebody else between two good ones', signBundle(next, [r1, n1, r2]), 'good'],
    ['with new keys, signed by two old ones and two of them', signBundle(moved, [r1, r2, n1, n2]), 'good'],
    ['with new keys, signed by two old ones and one of them', signBundle(moved, [r1, r2, n1]), 'not-signed-by-new'],
    ['with new keys, signed by one old one and two of them', signBundle(moved, [r1, n1, n2]), 'not-signed-by-old'],
    ['that raises the threshold, signed by as many', signBundle({ ...next, threshold: 3 }, [r1, r2, r3]), 'good'],
    ['that raises the threshold, signed by fewer', signBundle({ ...next, threshold: 3 }, [r1, r2]), 'not-signed-by-new'],
    ['that lowers the threshold, signed by as many as before', signBundle({ ...next, threshold: 1 }, [r1, r2]), 'good'],
    ['that lowers the threshold, signed by fewer than before', signBundle({ ...next, threshold: 1 }, [r1]), 'not-signed-by-old'],
    ['of the same version', signBundle({ ...next, version: 1 }, [r1, r2]), 'not-next'],
    ['two versions ahead', signBundle({ ...next, version: 3 }, [r1, r2]), 'not-next'],
    ['of another tenant', signBundle({ ...next, tenant: 'fabrikam' }, [r1, r2]), 'tenant'],
    ['whose keys just reach its threshold', signBundle({ ...next, threshold: 3, rootKeys: next.rootKeys }, [r1, r2, r3]), 'good'],
    ['whose keys cannot reach it', signBundle({ ...next, threshold: 4 }, [r1, r2, r3]), 'threshold'],
    ['that lists a key twice to reach it', signBundle({ ...next, rootKeys: [r1.publicKey, r1.publicKey] }, [r1, r2]), 'threshold'],
    ['signed as another kind of token', signedWith(r1.sign(TYP.statement, next), r2), 'not-signed-by-old'],
    ['signed by a device', signedWith(newDevice().signer.sign(TYP.rootBundle, next), r2), 'not-signed-by-old'],
    ['with a header that is not text', { ...signBundle(next, [r1]), signatures: [{ protected: '*', signature: '' }] }, 'not-signed-by-old'],
    [
      'with a header that is no JSON',
      { ...signBundle(next, [r1]), signatures: [{ protected: 'bm90IGpzb24', signature: '' }] },
      'not-signed-by-old',
    ],
    ['that is not text', { ...signBundle(next, [r1, r2]), payload: '*' }, 'malformed'],
    ['that is no JSON', { ...signBundle(next, [r1, r2]), payload: 'bm90IGpzb24' }, 'malformed'],
    ['with a member that no bundle has', signBundle({ ...next, admin: true }, [r1, r2]), 'malformed'],
    ['as long as any may be', { ...signBundle(next, [r1, r2]), payload: 'A'.repeat(LIMITS.rootBundleBytes) }, 'malformed'],
    ['longer than any may be', { ...signBundle(next, [r1, r2]), payload: 'A'.repeat(LIMITS.rootBundleBytes + 1) }, 'too-large'],
  ];
  for (const [what, signed, outcome] of CASES) test(`${what}: ${outcome}`, () => assert.equal(accepted(signed), outcome));

  test('signed by a root key under the name of another algorithm: not-signed-by-old', () => {
    const rootKey = newEd25519();
    const root = componentSigner(rootKey);
    const held = { ...world.bundle, rootKeys: [root.publicKey, r2.publicKey] };
    const head = Buffer.from(JSON.stringify({ alg: 'ES256', typ: TYP.rootBundle, kid: root.kid })).toString('base64url');
    const { payload, signatures } = signBundle(next, [r2]);
    const signature = signBytes(null, Buffer.from(`${head}.${payload}`), privateKeyOf(rootKey)).toString('base64url');
    const signed = { payload, signatures: [{ protected: head, signature }, ...signatures] };
    assert.equal(outcomeOf(acceptNextBundle(nodeCrypto, held, signed)), 'not-signed-by-old');
  });
});

test('the first root bundle is the pinned one, and signed by its own keys', () => {
  const by = (signed: SignedRootBundle, pin = sha256(signed.payload)) => outcomeOf(acceptPinnedBundle(nodeCrypto, signed, pin));
  assert.equal(by(world.signedBundle), 'good');
  assert.equal(by(signBundle(next, [r1, r2]), sha256(world.signedBundle.payload)), 'pin');
  assert.equal(by(signBundle(world.bundle, [r1])), 'not-signed-by-new');
  assert.equal(by(signBundle(world.bundle, [n1, n2])), 'not-signed-by-new');
  assert.equal(by({ ...world.signedBundle, payload: 'bm90IGpzb24' }), 'malformed');
});
