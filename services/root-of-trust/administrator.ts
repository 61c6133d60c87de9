/** The administrator's bearer token, compared in constant time. */
import { timingSafeEqual } from 'node:crypto';
import { HoldfastError } from '#protocol/errors';
import { ADMIN_TOKEN_LENGTH_MIN, type RootOfTrustConfig } from '#protocol/service-config';
import type { RequestCheck } from '#runtime/http/routes';
import { sha256 } from '#runtime/jose/primitives';
import { readSecret } from '#runtime/service/config';

/** The token, from the configuration or from its file. Throws `bad_config` when it is too short. */
export function readAdminToken({ adminToken }: Pick<RootOfTrustConfig, 'adminToken'>): string {
  const token = readSecret(adminToken);
  if (token.length >= ADMIN_TOKEN_LENGTH_MIN) return token;
  throw new HoldfastError('bad_config', { reason: 'admin-token', least: ADMIN_TOKEN_LENGTH_MIN });
}

export function isAdministrator(token: string): RequestCheck {
  // Digests have one length, so the comparison tells nothing about the token's.
  const expected = Buffer.from(sha256(`Bearer ${token}`));
  return (request) => {
    const given = Buffer.from(sha256(request.headers.authorization ?? ''));
    if (!timingSafeEqual(expected, given)) throw new HoldfastError('untrusted_peer', { reason: 'admin-token' });
  };
}
