/** `core/crypto` by node:crypto, synchronously: every WebCrypto call costs 35 to 50 us of promises, and a lease makes dozens. */
import { createPublicKey, hash, type KeyObject, verify as verifySignature } from 'node:crypto';
import type { Crypto } from '#core/crypto';
import { type SigningJwk, thumbprintInput } from '#protocol/jose';

/** Parsed keys, newest last; parsing a JWK costs as much as a signature check. */
const parsed = new Map<string, KeyObject>();
const PARSED_MAX = 4_096;

/** A public KeyObject; throws when the point is not on the curve. */
export function publicKeyOf(jwk: SigningJwk): KeyObject {
  const name = jwk.kty === 'OKP' ? jwk.x : `${jwk.x}.${jwk.y}`;
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  if (parsed.size >= PARSED_MAX) parsed.delete(parsed.keys().next().value ?? '');
  parsed.set(name, key);
  return key;
}

/** In base64url. A text counts as its UTF-8 bytes. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'base64url');
}

/** RFC 7638. */
export function thumbprint(jwk: SigningJwk): string {
  return sha256(thumbprintInput(jwk));
}

const BASE64URL = /^[A-Za-z0-9_-]*$/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(base64url: string): string | undefined {
  if (!BASE64URL.test(base64url)) return undefined;
  const bytes = Buffer.from(base64url, 'base64url');
  // Node ignores stray bits in the last character; a token must have exactly one spelling.
  if (bytes.toString('base64url') !== base64url) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Signatures of components and roles that verified before, newest last: trust statements come with every hello and call.
 * Looked up by key, input and signature together. Devices sign nothing twice, so theirs are not kept.
 */
const good = new Set<string>();
const GOOD_MAX = 1_024;

function verify(key: SigningJwk, input: string, signature: string): boolean {
  if (key.kty !== 'OKP') return check(key, input, signature);
  const name = sha256(`${key.x} ${input} ${signature}`);
  if (good.delete(name) || check(key, input, signature)) {
    good.add(name);
    if (good.size > GOOD_MAX) good.delete(good.keys().next().value ?? '');
    return true;
  }
  return false;
}

function check(key: SigningJwk, input: string, signature: string): boolean {
  if (!BASE64URL.test(signature)) return false;
  const bytes = Buffer.from(signature, 'base64url');
  if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return false;
  try {
    return key.kty === 'OKP'
      ? verifySignature(null, Buffer.from(input), publicKeyOf(key), bytes)
      : verifySignature('sha256', Buffer.from(input), { key: publicKeyOf(key), dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    return false;
  }
}

/** What core judges with. */
export const nodeCrypto: Crypto = { decode, sha256, thumbprint, verify };
