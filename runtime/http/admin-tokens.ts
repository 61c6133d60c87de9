/** Administrators' bearer tokens, each with a name; compared in constant time. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { ADMIN_TOKEN_LENGTH_MIN } from '#protocol/service-config';
import { sha256 } from '../jose/primitives.ts';
import { readSecret, type SecretRef } from '../service/config.ts';
import type { RequestCheck } from './routes.ts';

export interface Administrators {
  /** the request carries one of the tokens */
  readonly check: RequestCheck;
  /** whose token it is: for handlers behind the check */
  nameOf(request: FastifyRequest): string;
}

/** Reads the tokens, from the configuration or from their files. Throws `bad_config` when one is too short. */
export function openAdministrators(tokens: readonly { readonly name: string; readonly token: SecretRef }[]): Administrators {
  // Digests have one length, so the comparison tells nothing about the token's.
  const known = tokens.map(({ name, token }) => ({ name, digest: digestOf(`Bearer ${readAdminToken(token)}`) }));
  const names = new WeakMap<FastifyRequest, string>();
  return {
    check(request) {
      const given = digestOf(request.headers.authorization ?? '');
      const found = known.filter(({ digest }) => timingSafeEqual(digest, given))[0];
      if (found === undefined) throw new HoldfastError('untrusted_peer', { reason: 'admin-token' });
      names.set(request, found.name);
    },
    nameOf(request) {
      const name = names.get(request);
      if (name === undefined) throw new HoldfastError('untrusted_peer');
      return name;
    },
  };
}

/** The token itself. Throws `bad_config` when it is too short. */
export function readAdminToken(secret: SecretRef): string {
  const token = readSecret(secret);
  if (token.length >= ADMIN_TOKEN_LENGTH_MIN) return token;
  throw new HoldfastError('bad_config', { reason: 'admin-token', least: ADMIN_TOKEN_LENGTH_MIN });
}

function digestOf(text: string): Buffer {
  return Buffer.from(sha256(text));
}
