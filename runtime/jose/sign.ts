/** Making compact JWS, and the keys that do it. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign as signBytes } from 'node:crypto';
import type { NewId, Signer } from '#core/crypto';
import { type Ed25519Jwk, Ed25519PrivateJwk, type P256Jwk, P256PrivateJwk, type SigningJwk } from '#protocol/jose';
import { parse } from '#protocol/parse';
import { thumbprint } from './primitives.ts';

/** All that a device key can do, whether in a file, a token or a keystore. */
export interface DeviceKey {
  /** ES256 over the bytes: 64 bytes (r and s) */
  sign(bytes: Uint8Array): Uint8Array;
  /** x coordinate of the ECDH secret with a P-256 point, 32 bytes */
  deriveECDH(point: P256Jwk): Uint8Array;
  publicJwk(): { sign: P256Jwk; enc: P256Jwk };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function compact(alg: 'EdDSA' | 'ES256', kid: string, typ: string, claims: object, sign: (input: Uint8Array) => Uint8Array): string {
  const input = `${encode({ alg, typ, kid })}.${encode(claims)}`;
  return `${input}.${Buffer.from(sign(Buffer.from(input))).toString('base64url')}`;
}

/** A new key for a component or role to sign with. */
export function newEd25519(): Ed25519PrivateJwk {
  return parse(Ed25519PrivateJwk, generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), 'internal');
}

/** A new key for signing or for key agreement, never for both. */
export function newP256(): P256PrivateJwk {
  return parse(P256PrivateJwk, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), 'internal');
}

/** The public half, nothing else. */
export function publicHalf(jwk: Ed25519PrivateJwk): Ed25519Jwk;
export function publicHalf(jwk: P256PrivateJwk): P256Jwk;
export function publicHalf(jwk: Ed25519PrivateJwk | P256PrivateJwk): SigningJwk {
  return jwk.kty === 'OKP' ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x } : { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y };
}

/** Throws when the private half does not belong to the public one. */
export function privateKeyOf(jwk: Ed25519PrivateJwk | P256PrivateJwk): KeyObject {
  return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
}

/** Signs with a component's or role's Ed25519 key. */
export function componentSigner(jwk: Ed25519PrivateJwk): Signer & { readonly publicKey: Ed25519Jwk } {
  const key = privateKeyOf(jwk);
  const publicKey = publicHalf(jwk);
  const kid = thumbprint(publicKey);
  return { kid, publicKey, sign: (typ, claims) => compact('EdDSA', kid, typ, claims, (input) => signBytes(null, input, key)) };
}

/** Signs with a device's ES256 key. */
export function deviceSigner(device: DeviceKey): Signer & { readonly publicKey: P256Jwk } {
  const publicKey = device.publicJwk().sign;
  const kid = thumbprint(publicKey);
  return { kid, publicKey, sign: (typ, claims) => compact('ES256', kid, typ, claims, (input) => device.sign(input)) };
}

/** 16 random bytes in base64url. */
export const newId: NewId = () => randomBytes(16).toString('base64url');
