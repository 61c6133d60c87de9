/**
 * The server's side of a channel: TLS under our own key, hello, one present, one answer. What to do with a present is the
 * service's table `Handlers`; here it is received within its deadline and every failure becomes a refusal with a code.
 */

import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { newsFor, versionsOf } from '#core/trust/trust';
import { type Hello, Present, type ServerAnswer } from '#protocol/channel';
import { HoldfastError, toWireError } from '#protocol/errors';
import { TIMES, VERSION } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { newId } from '../jose/sign.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { serverTls } from '../tls/options.ts';
import { exporterOf } from '../tls/peer.ts';
import { withNews } from './client.ts';
import { within } from './connection.ts';
import { type Frames, framesOver } from './frames.ts';
import type { ChannelIdentity } from './identity.ts';

/** ms from our hello to the client's present (B-G4) */
const PRESENT_MS = 10_000;
/** ms for the client to read the last bytes after an answer that ends the connection */
const LINGER_MS = 5_000;

export interface Exchange<P extends Present = Present> {
  readonly present: P;
  /** our challenge, and the TLS exporter of this connection: the proof must contain both */
  readonly nonce: string;
  readonly ekm: string;
  readonly socket: TLSSocket;
  readonly frames: Frames;
  /** Answers, and adds the news that the client lacks. */
  answer(answer: ServerAnswer): void;
}

/** One handler an operation; an operation without one is refused. Throwing a HoldfastError refuses with its code. */
export interface Handlers {
  readonly launch?: (exchange: Exchange<Extract<Present, { op: 'launch' }>>) => Promise<void>;
  readonly reach?: (exchange: Exchange<Extract<Present, { op: 'reach' }>>) => Promise<void>;
  readonly attach?: (exchange: Exchange<Extract<Present, { op: 'attach' }>>) => Promise<void>;
  readonly control?: (exchange: Exchange<Extract<Present, { op: 'control' | 'rendezvous' }>>) => Promise<void>;
  readonly rendezvous?: (exchange: Exchange<Extract<Present, { op: 'control' | 'rendezvous' }>>) => Promise<void>;
}

export function tlsContext(identity: TlsIdentity): SecureContext {
  return createSecureContext(serverTls(identity));
}

/** With the component's own key, made anew when that is another. */
export function ownTlsContext(component: { readonly tls: TlsIdentity }): () => SecureContext {
  let made: { readonly tls: TlsIdentity; readonly context: SecureContext } | undefined;
  return () => {
    const { tls } = component;
    if (made?.tls !== tls) made = { tls, context: tlsContext(tls) };
    return made.context;
  };
}

/** TLS as the server over a connection; rejects when the handshake fails or does not end in time. */
export function secure(
  stream: Duplex,
  context: SecureContext,
  protocol: string,
  deadlineMs: number = TIMES.clientHelloMs,
): Promise<TLSSocket> {
  const socket = new TLSSocket(stream, {
    isServer: true,
    secureContext: context,
    ALPNCallback: ({ protocols }) => (protocols.includes(protocol) ? protocol : undefined),
  });
  socket.on('error', () => {});
  return within(socket, deadlineMs, { reason: 'tls' }, () => {
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    socket.once('secure', () => resolve(socket));
    socket.once('close', () => reject(socket.errored ?? new HoldfastError('unavailable', { reason: 'cut' })));
    return promise;
  });
}

/** Greets, receives the present and hands it to its handler. `settled` is called as soon as the present is there. */
export async function serveExchange(
  socket: TLSSocket,
  identity: ChannelIdentity,
  handlers: Handlers,
  now: () => number,
  settled: () => void,
): Promise<void> {
  const frames = framesOver(socket);
  const nonce = newId();
  const correlation: { id?: string } = {};
  let versions = { rootVersion: 0, listVersion: 0 };
  const answer = (frame: ServerAnswer) => void frames.send(withNews(frame, newsFor(identity.trust(), versions)));
  try {
    const present = await within(socket, PRESENT_MS, { reason: 'no-present' }, () => greet(frames, identity, nonce, now()));
    settled();
    if (present === undefined) return void socket.destroy();
    if ('correlationId' in present) correlation.id = present.correlationId;
    versions = present;
    await dispatch({ present, nonce, ekm: exporterOf(socket), socket, frames, answer }, handlers);
  } catch (error) {
    if (socket.destroyed) throw error;
    answer(refusalOf(error, correlation.id));
    endSoon(socket);
    throw error;
  }
}

async function greet(frames: Frames, identity: ChannelIdentity, nonce: string, now: number): Promise<Present | undefined> {
  const hello: Hello = { type: 'hello', v: VERSION.channel, statement: identity.statement(), nonce, now, ...versionsOf(identity.trust()) };
  frames.send(hello);
  const value = await frames.next();
  return value === undefined ? undefined : parse(Present, value);
}

async function dispatch(exchange: Exchange, handlers: Handlers): Promise<void> {
  const { present } = exchange;
  switch (present.op) {
    case 'launch':
      return (handlers.launch ?? refuseOperation)({ ...exchange, present });
    case 'reach':
      return (handlers.reach ?? refuseOperation)({ ...exchange, present });
    case 'attach':
      return (handlers.attach ?? refuseOperation)({ ...exchange, present });
    case 'control':
      return (handlers.control ?? refuseOperation)({ ...exchange, present });
    case 'rendezvous':
      return (handlers.rendezvous ?? refuseOperation)({ ...exchange, present });
  }
}

function refuseOperation(): Promise<never> {
  return Promise.reject(new HoldfastError('bad_request', { reason: 'not-asked-here' }));
}

function refusalOf(error: unknown, correlationId?: string): ServerAnswer {
  return {
    type: 'refusal',
    error: toWireError(error, correlationId),
    retryable: error instanceof HoldfastError && error.retryable,
  };
}

/** Closes gracefully, and by force when the peer does not read what was sent. */
export function endSoon(socket: Duplex): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
  socket.once('end', () => socket.destroy());
}
