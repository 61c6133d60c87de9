/** Listening sockets, as every service opens them. */
import type { Server } from 'node:net';

interface At {
  readonly host: string;
  readonly port: number;
}

/**
 * Connections that the system holds until the service accepts them; Linux has a cap of its own (`net.core.somaxconn`, 4096). When there are
 * more it drops whoever comes next, who then tries again after 1, 3 and 7 s. Node's own 511 are full when one source connects 600 times at once.
 */
export const BACKLOG = 4_096;

/** Resolves to where it listens: for port 0, at the assigned port. Rejects with the system's error. */
export async function listenAt(server: Server, { host, port }: At): Promise<At> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG }, resolve);
  });
  return { host, port: boundPort(server) ?? port };
}

/** The port of a server that listens; undefined where it has none. */
export function boundPort(server: Server): number | undefined {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : undefined;
}
