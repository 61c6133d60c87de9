/**
 * `POST /auth/sign-out`: ends the portal session, if there is one, and says where the provider ends its own. Remote sessions go on.
 * That the person signed out is kept here and not in the browser, where the next one could delete it.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignOutReply } from '#protocol/workspace-api';
import { mustKnowToken } from '../checks/csrf.ts';
import { rememberSignOut } from '../store.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function signOut({ sessions, store, signIn, now, log }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<SignOutReply> => {
    const session = await sessions.of(request);
    if (session !== undefined) {
      mustKnowToken(request, session.csrf);
      await rememberSignOut(store, session.user.subject, now());
      log.info({ correlationId: request.id, subject: session.user.subject }, 'Signed out.');
    }
    reply.header('set-cookie', await sessions.end(session)).header('cache-control', 'no-store');
    // The provider's session may last longer than ours: without the hint of whose it is, it asks.
    const next = await signIn.signOutAt(session?.idToken ?? '');
    return next === undefined ? {} : { next: next.href };
  };
}
