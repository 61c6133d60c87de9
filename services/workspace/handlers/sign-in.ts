/** `GET /auth/sign-in?next=/`: to the identity provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { sendToProvider } from '../sign-in/begin.ts';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { safeNext } from '../sign-in/flow.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

const Query = v.object({ next: v.optional(v.string()) });

export function startSignIn(workspace: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = v.safeParse(Query, request.query);
    const next = safeNext(query.success ? query.output.next : undefined);
    try {
      return await sendToProvider(workspace, { request, reply, next, askAgain: false });
    } catch (thrown) {
      return failedSignIn(workspace, thrown, { request, reply, next });
    }
  };
}
