/** The request comes from our own page: it knows the session's token, and the browser does not say that it came from elsewhere. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { CSRF_HEADER } from '#protocol/workspace-api';
import type { RequestCheck } from '#runtime/http/routes';
import { sha256 } from '#runtime/jose/primitives';
import type { Workspace } from '../workspace-parts.ts';
import { sessionOf } from './signed-in.ts';

export function hasCsrfToken({ config }: Pick<Workspace, 'config'>): RequestCheck {
  return (request) => mustKnowToken(request, sessionOf(request).csrf, config.publicUrl);
}

export function mustKnowToken(request: FastifyRequest, csrf: string, origin: string): void {
  const given = request.headers[CSRF_HEADER];
  const foreign = request.headers.origin !== undefined && request.headers.origin !== origin;
  if (foreign || typeof given !== 'string' || !equal(given, csrf)) {
    throw new HoldfastError('forbidden_caller', 'The request did not come from the portal.');
  }
}

function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
