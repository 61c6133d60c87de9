/** What a component's proofs cover when it renews: both of the keys that are to be stated. */
import type { ComponentKeys } from '#protocol/trust';
import type { Crypto } from '../crypto.ts';

/** SHA-256 of TLS digest and sign key's thumbprint, joined by `.` */
export function keysDigest(crypto: Pick<Crypto, 'sha256' | 'thumbprint'>, { tls, sign }: ComponentKeys): string {
  return crypto.sha256(`${tls}.${crypto.thumbprint(sign)}`);
}
