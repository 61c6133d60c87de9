/** Sends the browser to the identity provider, with what its return will need in a cookie. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WorkspaceContext } from '../workspace-context.ts';
import { FLOW_COOKIE, FLOW_MS, FLOWS_MAX, flowCookieName, packFlow } from './flow.ts';

export interface Begun {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** a path of ours, to which it leads in the end */
  readonly next: string;
  /** the provider has to ask, although it may have a session */
  readonly askAgain: boolean;
  /** in place of one that had been used up already */
  readonly retried?: boolean;
}

/** Throws `unavailable` when the provider does not answer, `untrusted_peer`. */
export async function sendToProvider(
  { signIn, cookies, now }: Pick<WorkspaceContext, 'signIn' | 'cookies' | 'now'>,
  { request, reply, next, askAgain, retried = false }: Begun,
): Promise<FastifyReply> {
  const { url, flow } = await signIn.start({ next, askAgain, retried, now: now() });
  const packed = cookies.set(flowCookieName(flow.state), packFlow(flow, signIn.flowKey), FLOW_MS / 1_000);
  // Browsers send the oldest first (RFC 6265, 5.4).
  const others = cookies.namesOf(request.headers.cookie, FLOW_COOKIE);
  const forgotten = others.slice(0, Math.max(0, others.length + 1 - FLOWS_MAX)).map((name) => cookies.remove(name));
  return reply
    .header('set-cookie', [...forgotten, packed])
    .header('cache-control', 'no-store')
    .redirect(url.href, 302);
}
