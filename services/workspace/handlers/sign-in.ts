/** `GET /auth/sign-in?next=/`: to the identity provider. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { cookie, readCookie } from '#runtime/http/cookies';
import { failedSignIn } from '../sign-in/failed-page.ts';
import { FLOW_MS, flowCookieName, packFlow, safeNext } from '../sign-in/flow.ts';
import type { Workspace } from '../workspace-parts.ts';
import { SIGNED_OUT } from './sign-out.ts';

const Query = v.object({ next: v.optional(v.string()) });

export function startSignIn({ signIn, config, secure, now, log }: Workspace) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = v.safeParse(Query, request.query);
    const next = safeNext(query.success ? query.output.next : undefined);
    try {
      // Whoever signed out here wants to be asked again, although the provider still knows the person.
      const askAgain = readCookie(request.headers.cookie, SIGNED_OUT) !== undefined;
      const { url, flow } = await signIn.start({ next, askAgain, now: now() });
      const packed = cookie(flowCookieName(flow.state), packFlow(flow, signIn.flowKey), { secure, maxAgeSeconds: FLOW_MS / 1_000 });
      return reply.header('set-cookie', packed).header('cache-control', 'no-store').redirect(url.href, 302);
    } catch (thrown) {
      if (!(thrown instanceof HoldfastError)) throw thrown;
      log.warn({ correlationId: request.id, err: thrown }, 'A sign-in could not begin.');
      return failedSignIn(reply, thrown, { brand: config.name, correlationId: request.id, next });
    }
  };
}
