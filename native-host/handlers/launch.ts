/** Opens a resource; phases and outcome come as events. */
import type { Handler } from './handler.ts';

export const launch: Handler<'launch'> = async (host, { workspace, subject, resource, correlationId, launchFile }) => {
  host.launches.start({ owner: { workspace, subject }, resource, correlationId, launchFile });
  return { accepted: true };
};
