/** WebCrypto for the one token that the extension judges; what a token is, `core/trust/jws.ts` reads. */
import { algFits, type Unverified } from '#core/trust/jws';
import { type Ed25519Jwk, thumbprintInput } from '#protocol/jose';

/** Is the signature by this key? A token that names another key is not: `other-key`. */
export async function checkSignature(token: Unverified<unknown>, key: Ed25519Jwk): Promise<'good' | 'bad' | 'other-key'> {
  if ((await thumbprint(key)) !== token.header.kid) return 'other-key';
  const signature = bytesOf(token.signature);
  if (!algFits(token.header, key) || signature === undefined) return 'bad';
  const imported = await crypto.subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify']);
  const good = await crypto.subtle.verify('Ed25519', imported, signature, new TextEncoder().encode(token.input));
  return good ? 'good' : 'bad';
}

/** The UTF-8 text of a base64url string; undefined when it is not one. */
export function decode(base64url: string): string | undefined {
  const bytes = bytesOf(base64url);
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** RFC 7638. */
async function thumbprint(key: Ed25519Jwk): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(thumbprintInput(key)));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
