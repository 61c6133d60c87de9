/** `GET /.well-known/holdfast/trust`: everything public that a device needs before it trusts this Workspace. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError } from '#protocol/errors';
import type { WorkspaceTrust } from '#protocol/workspace-api';
import type { Workspace } from '../workspace-parts.ts';

export function workspaceTrust({ component }: Workspace) {
  return (_request: FastifyRequest, reply: FastifyReply): WorkspaceTrust => {
    const { signedBundle, listToken } = component.trust();
    if (listToken === undefined) throw new HoldfastError('unavailable', 'There is no revocation list yet.');
    reply.header('cache-control', 'no-store');
    return { rootBundle: signedBundle, statement: component.statement(), revocations: listToken };
  };
}
