/** What a device's proof of its keys covers (op `device`): both thumbprints joined by `.`, the signing key's first. */
import type { P256Jwk } from '#protocol/jose';
import type { Crypto } from '../crypto.ts';

/** SHA-256, base64url. */
export function deviceDigest(crypto: Pick<Crypto, 'sha256' | 'thumbprint'>, sign: P256Jwk, enc: P256Jwk): string {
  return crypto.sha256(`${crypto.thumbprint(sign)}.${crypto.thumbprint(enc)}`);
}
