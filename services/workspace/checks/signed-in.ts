/** The request carries the cookie of a valid portal session. */
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import type { RequestCheck } from '#runtime/http/routes';
import type { Session } from '../sessions.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

const sessions = new WeakMap<FastifyRequest, Session>();

export function isSignedIn({ sessions: known }: Pick<WorkspaceContext, 'sessions'>): RequestCheck {
  return async (request) => {
    const session = await known.of(request);
    if (session === undefined) throw new HoldfastError('not_signed_in');
    sessions.set(request, session);
  };
}

/** The session that `isSignedIn` found: for handlers and checks after it in the table. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request);
  if (session === undefined) throw new HoldfastError('not_signed_in');
  return session;
}
