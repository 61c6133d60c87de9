/** `GET /api/v1/session`: who is signed in, and what the portal needs to begin. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PortalSession } from '#protocol/workspace-api';
import { sessionOf } from '../checks/signed-in.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function portalSession({ config, feeds }: WorkspaceContext) {
  return (request: FastifyRequest, reply: FastifyReply): PortalSession => {
    const { user, csrf, deviceNonce } = sessionOf(request);
    reply.header('cache-control', 'no-store');
    return {
      user,
      workspace: { name: config.name, origin: config.publicUrl, tenant: config.tenant },
      feeds: feeds.map(({ id, name }) => ({ id, name })),
      continuity: {
        enabled: config.continuity.enabled,
        leaseDays: config.continuity.leaseDays,
        deleteLeasesOnSignOut: config.continuity.deleteLeasesOnSignOut,
      },
      deviceNonce,
      csrf,
    };
  };
}
