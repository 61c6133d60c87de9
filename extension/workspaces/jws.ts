/** Reads a compact JWS and verifies its Ed25519 signature with WebCrypto. */
import * as v from 'valibot';
import { type Ed25519Jwk, JwsHeader } from '#protocol/jose';
import { Compact } from '#protocol/primitives';

export interface ReadJws {
  readonly header: JwsHeader;
  readonly payload: unknown;
  readonly signed: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** null when it is not one of our tokens. */
export function readJws(text: string): ReadJws | null {
  const compact = v.safeParse(Compact, text.trim());
  if (!compact.success) return null;
  const [head, body, signature, more] = compact.output.split('.');
  if (head === undefined || body === undefined || signature === undefined || more !== undefined) return null;
  try {
    const header = v.safeParse(JwsHeader, JSON.parse(textOf(head)));
    if (!header.success) return null;
    return { header: header.output, payload: JSON.parse(textOf(body)), signed: `${head}.${body}`, signature: bytesOf(signature) };
  } catch {
    return null;
  }
}

/** Is the signature by this key? A token that names another key is not: `otherKey`. */
export async function checkSignature(jws: ReadJws, key: Ed25519Jwk): Promise<'good' | 'bad' | 'other-key'> {
  if ((await thumbprint(key)) !== jws.header.kid) return 'other-key';
  if (jws.header.alg !== 'EdDSA') return 'bad';
  const imported = await crypto.subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify']);
  const good = await crypto.subtle.verify('Ed25519', imported, jws.signature, new TextEncoder().encode(jws.signed));
  return good ? 'good' : 'bad';
}

/** RFC 7638. */
async function thumbprint(key: Ed25519Jwk): Promise<string> {
  const canonical = JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}

function textOf(base64url: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(base64url));
}
