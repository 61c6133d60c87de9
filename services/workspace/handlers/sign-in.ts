/** `GET /auth/sign-in?next=/`: to the identity provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { FLOW_COOKIE, FLOW_MS, FLOWS_MAX, flowCookieName, packFlow, safeNext } from '../sign-in/flow.ts';
import type { WorkspaceContext } from '../workspace-context.ts';
import { SIGNED_OUT } from './sign-out.ts';

const Query = v.object({ next: v.optional(v.string()) });

export function startSignIn(workspace: WorkspaceContext) {
  const { signIn, cookies, now } = workspace;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = v.safeParse(Query, request.query);
    const next = safeNext(query.success ? query.output.next : undefined);
    const { cookie } = request.headers;
    try {
      // After a sign-out the provider must ask again, although it still has a session.
      const askAgain = cookies.read(cookie, SIGNED_OUT) !== undefined;
      const { url, flow } = await signIn.start({ next, askAgain, now: now() });
      const packed = cookies.set(flowCookieName(flow.state), packFlow(flow, signIn.flowKey), FLOW_MS / 1_000);
      const others = cookies.namesOf(cookie, FLOW_COOKIE);
      const forgotten = others.length < FLOWS_MAX ? [] : others.map((name) => cookies.remove(name));
      return reply
        .header('set-cookie', [...forgotten, packed])
        .header('cache-control', 'no-store')
        .redirect(url.href, 302);
    } catch (thrown) {
      return failedSignIn(workspace, thrown, { request, reply, next });
    }
  };
}
