/** A listening socket whose connections are admitted, counted, and closed with the service. */
import { createServer, type Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import type { Address } from '#protocol/primitives';
import { sourceOf } from '../budget/source.ts';
import { type Turns, turnsFor } from '../budget/turns.ts';
import { listenAt } from '../listen.ts';
import { endWith, KEEP_ALIVE_MS } from './connection.ts';
import type { RateLimiter } from './rate-limit.ts';

export interface Guest {
  readonly socket: Socket;
  readonly source: string;
  /** Waits for this source's turn at the processor: before a handshake. Rejects with `too_many` when too many of its connections wait. */
  turn(): Promise<void>;
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
  /** Called for each connection that was not admitted, or cut to make room for others. */
  readonly onTurnedAway?: (source: string) => void;
}

/** A handshake takes 1 to 2 ms of the processor, so that a round of the event loop has as many of them as nobody notices. */
const HANDSHAKES = { eachRound: 4, waitingPerSource: 1_000 };

export async function listenFor(options: ListenOptions): Promise<Listener> {
  const { listen, signal } = options;
  const turns = turnsFor(HANDSHAKES);
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) => {
    receive(socket, turns, options);
  });
  const address = await listenAt(server, listen);
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  signal.addEventListener('abort', () => void close(), { once: true });
  return { address, close };
}

function receive(socket: Socket, turns: Turns, { rateLimiter, signal, serve, onFault, onTurnedAway }: ListenOptions): void {
  turns.newcomer();
  const source = sourceOf(socket);
  const turnAway = () => {
    onTurnedAway?.(source);
    socket.destroy();
  };
  socket.on('error', () => {});
  const settled = rateLimiter.admit(source, turnAway);
  if (settled === undefined) {
    turnAway();
    return;
  }
  socket.once('close', settled);
  endWith(socket, signal);
  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const begin = () => (socket.destroyed ? reject(new HoldfastError('unavailable', { reason: 'cut' })) : resolve());
      if (!turns.take(source, begin)) reject(new HoldfastError('too_many'));
    });
  serve({ socket, source, settled, turn }).catch((error: unknown) => {
    socket.destroy();
    onFault?.(error, source);
  });
}
