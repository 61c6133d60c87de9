/** The administrator's bearer token, compared in constant time. */
import { timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '#protocol/errors';
import type { RequestCheck } from '#runtime/http/routes';
import { sha256 } from '#runtime/jose/primitives';

export function isAdministrator(token: string): RequestCheck {
  // Digests have one length, so the comparison tells nothing about the token's.
  const expected = Buffer.from(sha256(`Bearer ${token}`));
  return (request) => {
    const given = Buffer.from(sha256(request.headers.authorization ?? ''));
    if (!timingSafeEqual(expected, given)) throw new HoldfastError('untrusted_peer', 'The administrator’s token is missing or wrong.');
  };
}
