/**
 * Root bundles. The rules are those of TUF's root role: version N+1 counts when the threshold of N *and* of N+1 signed it,
 * exactly one version at a time, and distinct keys are counted, not signatures.
 */

import * as v from 'valibot';
import { JwsHeader, TYP } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { RootBundle, type SignedRootBundle } from '#protocol/trust';
import type { Crypto } from '../crypto.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export type BundleFault =
  | 'too-large'
  | 'malformed'
  | 'threshold'
  | 'pin'
  | 'tenant'
  | 'not-next'
  | 'not-signed-by-old'
  | 'not-signed-by-new';

/** A bundle verified by a pin (from enrolment or installation): the SHA-256 of its encoded payload. */
export function acceptPinnedBundle(crypto: Crypto, signed: SignedRootBundle, pin: string): Verdict<RootBundle, BundleFault> {
  if (crypto.sha256(signed.payload) !== pin) return fail('pin');
  const read = readBundle(crypto, signed);
  if (!read.ok) return read;
  return signedBy(crypto, signed, read.value) ? read : fail('not-signed-by-new');
}

/** The successor of a bundle we trust. */
export function acceptNextBundle(crypto: Crypto, held: RootBundle, signed: SignedRootBundle): Verdict<RootBundle, BundleFault> {
  const read = readBundle(crypto, signed);
  if (!read.ok) return read;
  const next = read.value;
  if (next.tenant !== held.tenant) return fail('tenant');
  if (next.version !== held.version + 1) return fail('not-next');
  if (!signedBy(crypto, signed, held)) return fail('not-signed-by-old');
  if (!signedBy(crypto, signed, next)) return fail('not-signed-by-new');
  return pass(next);
}

function readBundle(crypto: Crypto, signed: SignedRootBundle): Verdict<RootBundle, BundleFault> {
  if (signed.payload.length > LIMITS.rootBundleBytes) return fail('too-large');
  const text = crypto.decode(signed.payload);
  if (text === undefined) return fail('malformed');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('malformed');
  }
  const parsed = v.safeParse(RootBundle, value);
  if (!parsed.success) return fail('malformed');
  const distinct = new Set(parsed.output.rootKeys.map((key) => crypto.thumbprint(key))).size;
  return parsed.output.threshold <= distinct ? pass(parsed.output) : fail('threshold');
}

/**
 * Whether at least `threshold` distinct root keys of `authority` signed. Of several signatures by one key the first counts: an attacker
 * with forty bad ones must not make us verify forty.
 */
function signedBy(crypto: Crypto, signed: SignedRootBundle, authority: RootBundle): boolean {
  const unheard = new Map(authority.rootKeys.map((key) => [crypto.thumbprint(key), key]));
  let signers = 0;
  for (const { protected: protectedPart, signature } of signed.signatures) {
    const kid = readKid(crypto, protectedPart) ?? '';
    const key = unheard.get(kid);
    unheard.delete(kid);
    if (key !== undefined && crypto.verify(key, `${protectedPart}.${signed.payload}`, signature)) signers++;
  }
  return signers >= authority.threshold;
}

function readKid(crypto: Crypto, protectedPart: string): string | undefined {
  const text = crypto.decode(protectedPart);
  if (text === undefined) return undefined;
  try {
    const header = v.safeParse(JwsHeader, JSON.parse(text));
    return header.success && header.output.typ === TYP.rootBundle && header.output.alg === 'EdDSA' ? header.output.kid : undefined;
  } catch {
    return undefined;
  }
}
