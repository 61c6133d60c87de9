/**
 * `GET /auth/callback`: back from the identity provider; a portal session begins, and the browser's former one ends. Opened a second time (a
 * double click, the back button) it leads to the portal, too.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { refusalFields } from '#runtime/log/refusals';
import { namesOf } from '../seen-names.ts';
import { sendToProvider } from '../sign-in/begin.ts';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { flowCookieName, unpackFlow } from '../sign-in/flow.ts';
import { isOwnSignIn } from '../sign-in/freshness.ts';
import { lastSignOut } from '../store.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function finishSignIn(workspace: WorkspaceContext) {
  const { signIn, sessions, store, seen, cookies, config, sourceOf, now, log } = workspace;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const callback = new URL(request.url, config.publicUrl);
    const state = callback.searchParams.get('state') ?? '';
    const name = flowCookieName(state);
    const flow = unpackFlow(cookies.read(request.headers.cookie, name), signIn.flowKey, state, now());
    try {
      const former = await sessions.of(request);
      if (flow === undefined && former !== undefined) return reply.header('cache-control', 'no-store').redirect('/', 303);
      if (flow === undefined) throw new HoldfastError('bad_request', { reason: 'sign-in-elsewhere' });
      const signedIn = await signIn.finish(callback, flow, { source: sourceOf(request), now: now() });
      const { user, idToken, groupsFault, userInfoFault } = signedIn;
      if (!isOwnSignIn(signedIn, await lastSignOut(store, user.subject), flow.askedAgain)) {
        // It does not do what it is told, or its clock is behind: asking on and on would be no better.
        if (flow.askedAgain) throw new HoldfastError('not_signed_in', { reason: 'not-asked-again' });
        log.info({ correlationId: request.id, subject: user.subject }, 'Asked again: the provider’s session is older than the sign-out.');
        return await sendToProvider(workspace, { request, reply, next: flow.next, askAgain: true });
      }
      await sessions.end(former);
      const session = await sessions.begin(user, idToken);
      const fields = { correlationId: request.id, subject: user.subject };
      if (userInfoFault !== undefined)
        log.warn({ ...fields, ...refusalFields(userInfoFault) }, 'The userinfo endpoint gave nothing; the ID token alone counts.');
      if (groupsFault === undefined) log.info(fields, 'Signed in.');
      else
        log.warn({ ...fields, claim: config.signIn.claims.groups, fault: groupsFault }, 'Signed in; the provider did not say the groups.');
      seen.note(namesOf(user));
      const set = [session, cookies.remove(name)];
      return reply.header('set-cookie', set).header('cache-control', 'no-store').redirect(flow.next, 303);
    } catch (thrown) {
      // The first of two clicks used the code up; its answer was lost, and its session with it.
      const isSecond = thrown instanceof HoldfastError && thrown.reason === 'sign-in-used';
      const fail = (why: unknown) => failedSignIn(workspace, why, { request, reply, next: flow?.next ?? '/' });
      if (!isSecond || flow?.retried !== false) return fail(thrown);
      return sendToProvider(workspace, { request, reply, next: flow.next, askAgain: flow.askedAgain, retried: true }).catch(fail);
    }
  };
}
