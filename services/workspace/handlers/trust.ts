/** `GET /.well-known/holdfast/trust`: everything public that a device needs before it trusts this Workspace. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import type { WorkspaceTrust } from '#protocol/workspace-api';
import type { WorkspaceContext } from '../workspace-context.ts';

export function workspaceTrust({ component }: WorkspaceContext) {
  return (_request: FastifyRequest, reply: FastifyReply): WorkspaceTrust => {
    const { history, signedBundle, listToken } = component.trust();
    if (listToken === undefined) throw new HoldfastError('unavailable', { reason: 'no-list' });
    reply.header('cache-control', 'no-store');
    const earlier = history.slice(0, -1).slice(-LIMITS.earlierBundles);
    return {
      rootBundle: signedBundle,
      ...(earlier.length > 0 && { earlierBundles: earlier }),
      statement: component.statement(),
      revocations: listToken,
    };
  };
}
