/** A listening socket whose connections are admitted, counted, and closed with the service. */
import { createServer, type Socket } from 'node:net';
import type { Address } from '#protocol/primitives';
import { endWith, KEEP_ALIVE_MS } from './connection.ts';
import type { RateLimiter } from './rate-limit.ts';

export interface Guest {
  readonly socket: Socket;
  /** the other side's address, without port */
  readonly source: string;
  /** the connection has presented something: it no longer counts as pending */
  settled(): void;
}

export interface Listener {
  readonly address: Address;
  /** Accepts no new connections; existing ones continue. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly listen: Address;
  readonly rateLimiter: RateLimiter;
  /** ends the listener and every connection */
  readonly signal: AbortSignal;
  /** Serves one connection. When it fails, the connection is destroyed and `onFault` is called; nothing else happens. */
  readonly serve: (guest: Guest) => Promise<void>;
  readonly onFault?: (error: unknown, source: string) => void;
  /** Called for each connection that was not admitted. */
  readonly onTurnedAway?: () => void;
}

export async function listenFor(options: ListenOptions): Promise<Listener> {
  const { listen, signal } = options;
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) => {
    receive(socket, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  signal.addEventListener('abort', () => void close(), { once: true });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : listen.port;
  return { address: { host: listen.host, port }, close };
}

function receive(socket: Socket, { rateLimiter, signal, serve, onFault, onTurnedAway }: ListenOptions): void {
  const source = socket.remoteAddress ?? '';
  socket.on('error', () => {});
  const settled = rateLimiter.admit(source);
  if (settled === undefined) {
    onTurnedAway?.();
    socket.destroy();
    return;
  }
  socket.once('close', settled);
  endWith(socket, signal);
  serve({ socket, source, settled }).catch((error: unknown) => {
    socket.destroy();
    onFault?.(error, source);
  });
}
