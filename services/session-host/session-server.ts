/** The connection to the session server on this machine: TCP or a Unix socket, within 5 s or 3026. */
import { connect, type Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import type { SessionServer } from '#protocol/service-config';
import { endWith, within } from '#runtime/channel/connection';
import { lookup } from '#runtime/tls/lookup';

const DIAL_MS = 5_000;

export async function dialServer(target: SessionServer['target'], signal: AbortSignal): Promise<Socket> {
  const at = 'socket' in target ? { path: target.socket } : { host: target.host, port: target.port, lookup, noDelay: true };
  const socket = connect({ ...at, allowHalfOpen: true });
  socket.on('error', () => {});
  endWith(socket, signal);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('connect', () => resolve(socket));
  socket.once('close', () => reject(new HoldfastError(3026, { reason: 'server-silent' }, { cause: socket.errored })));
  return within(socket, DIAL_MS, { reason: 'server-silent' }, () => promise);
}
