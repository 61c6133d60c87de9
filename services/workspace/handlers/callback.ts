/** `GET /auth/callback`: back from the identity provider; a portal session begins, and the browser's former one ends. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { flowCookieName, unpackFlow } from '../sign-in/flow.ts';
import type { WorkspaceContext } from '../workspace-context.ts';
import { SIGNED_OUT } from './sign-out.ts';

export function finishSignIn(workspace: WorkspaceContext) {
  const { signIn, sessions, cookies, config, now, log } = workspace;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const callback = new URL(request.url, config.publicUrl);
    const state = callback.searchParams.get('state') ?? '';
    const name = flowCookieName(state);
    const flow = unpackFlow(cookies.read(request.headers.cookie, name), signIn.flowKey, state, now());
    try {
      if (flow === undefined) throw new HoldfastError('bad_request', { reason: 'sign-in-elsewhere' });
      const user = await signIn.finish(callback, flow);
      await sessions.end(await sessions.of(request));
      const session = await sessions.begin(user);
      log.info({ correlationId: request.id, subject: user.subject }, 'Signed in.');
      const set = [session, cookies.remove(name), cookies.remove(SIGNED_OUT)];
      return reply.header('set-cookie', set).header('cache-control', 'no-store').redirect(flow.next, 303);
    } catch (thrown) {
      return failedSignIn(workspace, thrown, { request, reply, next: flow?.next ?? '/' });
    }
  };
}
