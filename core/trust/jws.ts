/**
 * Compact JWS in two steps, so that cheap checks come before the expensive one: `readJws` decodes and checks the shape,
 * `verified` checks the signature. Until then the claims are named `unverified`.
 */

import * as v from 'valibot';
import type { SigningJwk, Typ } from '#protocol/jose';
import { JwsHeader } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import type { Crypto } from '../crypto.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export type TokenFault = 'too-large' | 'malformed' | 'header' | 'claims' | 'unknown-key' | 'signature';

export interface Unverified<T> {
  readonly header: JwsHeader;
  readonly unverified: T;
  /** what the signature covers: ASCII `header.payload` */
  readonly input: string;
  readonly signature: string;
}

/** Decodes a token of one `typ`: header by the allow-list, claims by the schema. Nothing in it is verified yet. */
export function readJws<S extends v.GenericSchema>(
  crypto: Pick<Crypto, 'decode'>,
  token: string,
  typ: Typ,
  schema: S,
  maxBytes: number = LIMITS.tokenBytes,
): Verdict<Unverified<v.InferOutput<S>>, TokenFault> {
  const read = readParts(crypto, token, typ, maxBytes);
  if (!read.ok) return read;
  const { payload, ...rest } = read.value;
  const claims = v.safeParse(schema, decodeJson(crypto, payload));
  return claims.success ? pass({ ...rest, unverified: claims.output }) : fail('claims');
}

/** The parts, with the header read by the allow-list and the payload as it stands. */
function readParts(crypto: Pick<Crypto, 'decode'>, token: string, typ: Typ, maxBytes: number) {
  if (token.length > maxBytes) return fail('too-large' as const);
  const parts = token.split('.');
  const [protectedPart, payload, signature] = parts;
  if (parts.length !== 3 || protectedPart === undefined || payload === undefined || signature === undefined)
    return fail('malformed' as const);
  const header = v.safeParse(JwsHeader, decodeJson(crypto, protectedPart));
  if (!header.success || header.output.typ !== typ) return fail('header' as const);
  return pass({ header: header.output, payload, input: `${protectedPart}.${payload}`, signature });
}

/** The claims, verified by the key that `kid` names among the keys we already trust. */
export function verified<T>(crypto: Crypto, token: Unverified<T>, keys: readonly SigningJwk[]): Verdict<T, TokenFault> {
  const key = keys.find((candidate) => crypto.thumbprint(candidate) === token.header.kid);
  if (key === undefined) return fail('unknown-key');
  if (!algFits(token.header, key)) return fail('header');
  return crypto.verify(key, token.input, token.signature) ? pass(token.unverified) : fail('signature');
}

/** Whether the header names the algorithm of this kind of key. */
export function algFits({ alg }: Pick<JwsHeader, 'alg'>, { kty }: Pick<SigningJwk, 'kty'>): boolean {
  return (kty === 'OKP') === (alg === 'EdDSA');
}

/**
 * Claims of a token that may be large and comes from anybody: header and signature first, the schema only for what a key of ours signed.
 * A signature over 4 MiB costs a few ms; reading 20,000 entries by their schema costs hundreds.
 */
export function openLargeJws<S extends v.GenericSchema>(
  crypto: Crypto,
  token: string,
  typ: Typ,
  schema: S,
  keys: readonly SigningJwk[],
  maxBytes: number,
): Verdict<v.InferOutput<S>, TokenFault> {
  const read = readParts(crypto, token, typ, maxBytes);
  if (!read.ok) return read;
  const { header, payload, input, signature } = read.value;
  const signed = verified(crypto, { header, unverified: true, input, signature }, keys);
  if (!signed.ok) return signed;
  const claims = v.safeParse(schema, decodeJson(crypto, payload));
  return claims.success ? pass(claims.output) : fail('claims');
}

/** Both steps at once. */
export function openJws<S extends v.GenericSchema>(
  crypto: Crypto,
  token: string,
  typ: Typ,
  schema: S,
  keys: readonly SigningJwk[],
  maxBytes?: number,
): Verdict<v.InferOutput<S>, TokenFault> {
  const read = readJws(crypto, token, typ, schema, maxBytes);
  return read.ok ? verified(crypto, read.value, keys) : read;
}

/** The value; undefined (which no JSON text yields) when it is not base64url of JSON. */
function decodeJson(crypto: Pick<Crypto, 'decode'>, part: string): unknown {
  const text = crypto.decode(part);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
