/** `GET /.well-known/holdfast/trust`: everything public that a device needs before it trusts this Workspace. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import type { WorkspaceTrust } from '#protocol/workspace-api';
import type { WorkspaceContext } from '../workspace-context.ts';

export function workspaceTrust({ component }: WorkspaceContext) {
  let made: { readonly of: Trust; readonly statement: string; readonly text: string } | undefined;
  return (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [of, statement] = [component.trust(), component.statement()];
    // With a long list it is megabytes, the same for everybody: written once for each change.
    if (made?.of !== of || made.statement !== statement) made = { of, statement, text: JSON.stringify(documentOf(of, statement)) };
    return reply.type('application/json').header('cache-control', 'no-store').send(made.text);
  };
}

function documentOf({ history, signedBundle, listToken }: Trust, statement: string): WorkspaceTrust {
  if (listToken === undefined) throw new HoldfastError('unavailable', { reason: 'no-list' });
  const earlier = history.slice(0, -1).slice(-LIMITS.earlierBundles);
  return { rootBundle: signedBundle, ...(earlier.length > 0 && { earlierBundles: earlier }), statement, revocations: listToken };
}
