/** `GET /auth/callback`: back from the identity provider; a portal session begins. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { cookie, readCookie } from '#runtime/http/cookies';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { flowCookieName, unpackFlow } from '../sign-in/flow.ts';
import type { Workspace } from '../workspace-parts.ts';
import { SIGNED_OUT } from './sign-out.ts';

export function finishSignIn({ signIn, sessions, config, secure, now, log }: Workspace) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const callback = new URL(request.url, config.publicUrl);
    const state = callback.searchParams.get('state') ?? '';
    const name = flowCookieName(state);
    const flow = unpackFlow(readCookie(request.headers.cookie, name), signIn.flowKey, state, now());
    const forget = cookie(name, '', { secure, maxAgeSeconds: 0 });
    try {
      if (flow === undefined) throw new HoldfastError('bad_request', 'This sign-in was begun elsewhere, or too long ago.');
      const user = await signIn.finish(callback, flow);
      const session = await sessions.begin(user);
      const asked = cookie(SIGNED_OUT, '', { secure, maxAgeSeconds: 0 });
      log.info({ correlationId: request.id, subject: user.subject }, 'Somebody signed in.');
      return reply.header('set-cookie', [session, forget, asked]).header('cache-control', 'no-store').redirect(flow.next, 303);
    } catch (thrown) {
      if (!(thrown instanceof HoldfastError)) throw thrown;
      log.warn({ correlationId: request.id, err: thrown }, 'A sign-in could not be completed.');
      return failedSignIn(reply, thrown, { brand: config.name, correlationId: request.id, next: flow?.next ?? '/' });
    }
  };
}
