/** Administrators' bearer tokens, each with a name; compared in constant time, and guesses are slowed down. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { ADMIN_TOKEN_LENGTH_MIN } from '#protocol/service-config';
import { allowanceFor } from '../budget/allowance.ts';
import { sourceOf } from '../budget/source.ts';
import { sha256 } from '../jose/primitives.ts';
import { readSecret, type SecretRef } from '../service/config.ts';
import type { RequestCheck } from './routes.ts';

export interface Administrators {
  /** the request carries one of the tokens */
  readonly check: RequestCheck;
  /** whose token it is: for handlers behind the check */
  nameOf(request: FastifyRequest): string;
}

/** Wrong tokens of one source: a handful of mistakes, then one in ten seconds, and meanwhile it gets in with no token. Our own figures. */
const WRONG = { burst: 10, perSecond: 0.1 } as const;

/** A token made by chance has more different characters than this: 20 of hexadecimal have fewer than 7 once in 48,000. */
const DIFFERENT_MIN = 7;

/**
 * Reads the tokens, from the configuration or from their files. Throws `bad_config` when one is too short or made of a few characters.
 * `nowMs`: a clock that never goes back, in ms.
 */
export function openAdministrators(
  tokens: readonly { readonly name: string; readonly token: SecretRef }[],
  nowMs: () => number = () => performance.now(),
): Administrators {
  // Digests have one length, so the comparison tells nothing about the token's.
  const known = tokens.map(({ name, token }) => ({ name, digest: digestOf(`Bearer ${readAdminToken(token)}`) }));
  const names = new WeakMap<FastifyRequest, string>();
  const wrong = allowanceFor(WRONG, nowMs);
  return {
    check(request) {
      const source = sourceOf(request.socket);
      if (!wrong.has(source)) throw new HoldfastError('too_many', { reason: 'admin-token' });
      const given = digestOf(request.headers.authorization ?? '');
      const found = known.filter(({ digest }) => timingSafeEqual(digest, given))[0];
      if (found === undefined) {
        wrong.spend(source);
        throw new HoldfastError('untrusted_peer', { reason: 'admin-token' });
      }
      names.set(request, found.name);
    },
    nameOf(request) {
      const name = names.get(request);
      if (name === undefined) throw new HoldfastError('untrusted_peer');
      return name;
    },
  };
}

/** The token itself, as a header carries it: without spaces around it. Throws `bad_config` when it is too short or made of a few characters. */
export function readAdminToken(secret: SecretRef): string {
  const token = readSecret(secret).trim();
  if (token.length < ADMIN_TOKEN_LENGTH_MIN)
    throw new HoldfastError('bad_config', { reason: 'admin-token', least: ADMIN_TOKEN_LENGTH_MIN });
  if (new Set(token).size < DIFFERENT_MIN) throw new HoldfastError('bad_config', { reason: 'admin-token-guessable', least: DIFFERENT_MIN });
  return token;
}

function digestOf(text: string): Buffer {
  return Buffer.from(sha256(text));
}
