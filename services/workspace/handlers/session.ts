/** `GET /api/v1/session`: who is signed in, and what the portal needs to begin. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PortalSession } from '#protocol/workspace-api';
import { sessionOf } from '../checks/signed-in.ts';
import { devicesOf } from '../devices.ts';
import type { WorkspaceContext } from '../workspace-context.ts';

/** How long a device is new. ms */
const NEW_MS = 7 * 86_400_000;

export function portalSession({ config, component, site, store, feeds, now }: WorkspaceContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<PortalSession> => {
    const { user, csrf, deviceNonce } = sessionOf(request);
    const { portal, continuity } = site.current();
    const devices = await devicesOf(store, user.subject, now() - NEW_MS);
    reply.header('cache-control', 'no-store');
    return {
      user,
      workspace: { name: portal.name, origin: config.publicUrl, tenant: component.trust().bundle.tenant },
      feeds: feeds.map(({ id, name }) => ({ id, name })),
      continuity,
      newDevices: devices.slice(0, 100).map(({ jkt, firstSeen }) => ({ jkt, firstSeen: Math.floor(firstSeen / 1_000) })),
      deviceNonce,
      csrf,
    };
  };
}
