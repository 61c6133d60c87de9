/** CSRF check: the request carries the session's token, which only our own page knows. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { CSRF_HEADER } from '#protocol/workspace-api';
import { sha256 } from '#runtime/jose/primitives';
import { sessionOf } from './signed-in.ts';

export function hasCsrfToken(request: FastifyRequest): void {
  mustKnowToken(request, sessionOf(request).csrf);
}

export function mustKnowToken({ headers }: FastifyRequest, csrf: string): void {
  const given = headers[CSRF_HEADER];
  if (typeof given !== 'string' || !equal(given, csrf)) throw new HoldfastError('forbidden_caller', { reason: 'not-the-portal' });
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
