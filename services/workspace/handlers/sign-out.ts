/** `POST /auth/sign-out`: ends the portal session, if there is one. Remote sessions go on. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mustKnowToken } from '../checks/csrf.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

/** Cookie: makes the next sign-in ask for the password, although the provider may still have a session. */
export const SIGNED_OUT = 'holdfast-signed-out';
const REMEMBERED_SECONDS = 30 * 86_400;

export function signOut({ sessions, cookies, log }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<object> => {
    const session = await sessions.of(request);
    if (session !== undefined) {
      mustKnowToken(request, session.csrf);
      log.info({ correlationId: request.id, subject: session.user.subject }, 'Signed out.');
    }
    reply.header('set-cookie', [await sessions.end(session), cookies.set(SIGNED_OUT, '1', REMEMBERED_SECONDS)]);
    return {};
  };
}
