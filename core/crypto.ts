/**
 * The cryptography that decisions need, as plain functions: core judges, runtime computes.
 * All are synchronous and free of side effects; the implementation is `runtime/jose`.
 */
import type { P256Jwk, SigningJwk } from '#protocol/jose';

export interface Crypto {
  /** The UTF-8 text of a base64url string; undefined when it is not one. */
  decode(base64url: string): string | undefined;
  /** SHA-256 of the text's UTF-8 bytes, in base64url. */
  sha256(text: string): string;
  /** RFC 7638 thumbprint (SHA-256, base64url). */
  thumbprint(key: SigningJwk): string;
  /** Whether `signature` (base64url) over the ASCII `input` was made by `key`. EdDSA for Ed25519, ES256 for P-256. Never throws. */
  verify(key: SigningJwk, input: string, signature: string): boolean;
}

/** Signs claims as a compact JWS with its one key. */
export interface Signer {
  readonly kid: string;
  sign(typ: string, claims: object): string;
}

/** Seals a compact JWS to one reader as a compact JWE (ECDH-ES+A256KW, A256GCM). */
export type Seal = (jws: string, reader: P256Jwk) => string;

/** Opens a compact JWE with our key; undefined when it is not for us or was altered. */
export type Unseal = (jwe: string) => string | undefined;

/** Random ids: base64url of 16 bytes. */
export type NewId = () => string;
