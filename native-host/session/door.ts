/**
 * The viewer's private door: a Unix socket in the session's owner-only folder, or, for viewers that support only TCP, a loopback
 * port that accepts exactly one connection, of this user. It closes after the first one.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { isOwnConnection } from './own-connection.ts';

export type DoorKind = 'socket' | 'port';
export type DoorAt = { readonly kind: 'socket'; readonly path: string } | { readonly kind: 'port'; readonly port: number };

export type FirstConnection =
  | { readonly came: true; readonly connection: Socket }
  | { readonly came: false; readonly why: 'late' | 'viewer-ended' | 'stopped' };

export interface PrivateDoor {
  readonly at: DoorAt;
  /** The first connection, unless `ended` resolves, `ms` pass or the signal aborts before it. */
  first(ended: Promise<unknown>, ms: number, signal: AbortSignal): Promise<FirstConnection>;
  close(): void;
}

/** The longest path of a Unix socket on every supported system, in bytes. */
const SOCKET_PATH_MAX = 103;

export async function openDoor(kind: DoorKind, folder: string): Promise<PrivateDoor> {
  let came: ((connection: Socket) => void) | undefined;
  const server = createServer({ pauseOnConnect: true }, (connection) => {
    void mayEnter(kind, connection).then((own) => {
      if (own && came !== undefined) {
        came(connection);
        came = undefined;
        server.close();
      } else connection.destroy();
    });
  });
  const at = await listen(server, kind, folder);
  return {
    at,
    first: (ended, ms, signal) =>
      new Promise((resolve) => {
        const settle = (first: FirstConnection) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stopped);
          came = undefined;
          resolve(first);
        };
        const stopped = () => settle({ came: false, why: 'stopped' });
        const timer = setTimeout(() => settle({ came: false, why: 'late' }), ms);
        came = (connection) => settle({ came: true, connection });
        void ended.then(() => settle({ came: false, why: 'viewer-ended' }));
        signal.addEventListener('abort', stopped, { once: true });
      }),
    close: () => void server.close(),
  };
}

/** A Unix socket lies in a folder that nobody else may enter. */
async function mayEnter(kind: DoorKind, connection: Socket): Promise<boolean> {
  return kind === 'socket' || (await isOwnConnection(connection));
}

function listen(server: Server, kind: DoorKind, folder: string): Promise<DoorAt> {
  const path = join(folder, 's');
  if (kind === 'socket' && Buffer.byteLength(path) > SOCKET_PATH_MAX) {
    throw new HoldfastError(3026, { reason: 'socket-path', path });
  }
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const ready = () => {
      const address = server.address();
      if (kind === 'socket') resolve({ kind, path });
      else if (address !== null && typeof address === 'object') resolve({ kind, port: address.port });
    };
    if (kind === 'socket') server.listen(path, ready);
    else server.listen(0, '127.0.0.1', ready);
  });
}
