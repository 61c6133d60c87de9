/**
 * `GET /auth/sign-in?next=/`: to the identity provider. With `again` the provider has to ask, and our own page has the former person signed
 * out first: they did so while we were away.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { sendToProvider } from '../sign-in/begin.ts';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { safeNext } from '../sign-in/flow.ts';
import { rememberSignOut } from '../store.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

const Query = v.object({ next: v.optional(v.string()), again: v.optional(v.string()) });

export function startSignIn(workspace: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = v.safeParse(Query, request.query);
    const next = safeNext(query.success ? query.output.next : undefined);
    const askAgain = query.success && query.output.again !== undefined;
    try {
      // Another page may lead here, too, but signs nobody out.
      if (askAgain && request.headers['sec-fetch-site'] === 'same-origin') await signOutFormer(workspace, request);
      return await sendToProvider(workspace, { request, reply, next, askAgain });
    } catch (thrown) {
      return failedSignIn(workspace, thrown, { request, reply, next });
    }
  };
}

async function signOutFormer({ sessions, store, now, log }: WorkspaceContext, request: FastifyRequest): Promise<void> {
  const session = await sessions.of(request);
  if (session === undefined) return;
  await rememberSignOut(store, session.user.subject, now());
  await sessions.end(session);
  log.info({ correlationId: request.id, subject: session.user.subject }, 'Signed out, as they had done while we were away.');
}
