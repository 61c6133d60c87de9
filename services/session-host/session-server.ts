/** The connection to the session server on this machine: TCP or a Unix socket, within 5 s or 3026. */
import { connect, type Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { ACCOUNT, type SessionServer } from '#protocol/session-server';
import { endWith, within } from '#runtime/channel/connection';
import { lookup } from '#runtime/tls/lookup';

const DIAL_MS = 5_000;

/** `account`: whose server, where each account has one. */
export async function dialServer(target: SessionServer['target'], account: string | undefined, signal: AbortSignal): Promise<Socket> {
  const at =
    'socket' in target ? { path: pathOf(target.socket, account) } : { host: target.host, port: target.port, lookup, noDelay: true };
  const socket = connect({ ...at, allowHalfOpen: true });
  socket.on('error', () => {});
  endWith(socket, signal);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  socket.once('connect', () => resolve(socket));
  socket.once('close', () => reject(new HoldfastError(3026, { reason: 'server-silent' }, { cause: socket.errored })));
  return within(socket, DIAL_MS, { reason: 'server-silent' }, () => promise);
}

function pathOf(socket: string, account: string | undefined): string {
  if (!socket.includes(ACCOUNT)) return socket;
  if (account === undefined) throw new HoldfastError(3026, { reason: 'no-account' });
  return socket.replace(ACCOUNT, () => account);
}
