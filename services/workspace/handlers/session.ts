/** `GET /api/v1/session`: who is signed in, and what the portal needs to begin. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PortalSession } from '#protocol/workspace-api';
import { sessionOf } from '../checks/signed-in.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

export function portalSession({ config, component, site, feeds }: WorkspaceContext) {
  return (request: FastifyRequest, reply: FastifyReply): PortalSession => {
    const { user, csrf, deviceNonce } = sessionOf(request);
    const { portal, continuity } = site.current();
    reply.header('cache-control', 'no-store');
    return {
      user,
      workspace: { name: portal.name, origin: config.publicUrl, tenant: component.trust().bundle.tenant },
      feeds: feeds.map(({ id, name }) => ({ id, name })),
      continuity,
      deviceNonce,
      csrf,
    };
  };
}
