/** A port that serves only the exchange: TLS under our own key, hello, one present, its handler. */
import type { SecureContext } from 'node:tls';
import { ALPN } from '#protocol/channel';
import type { Address } from '#protocol/primitives';
import type { Log } from '../log/log.ts';
import { type Handlers, secure, serveExchange } from './exchange.ts';
import type { ChannelIdentity } from './identity.ts';
import { type Listener, listenFor } from './listener.ts';
import { RATE_LIMITS, type RateLimits, rateLimiter } from './rate-limit.ts';

export interface ExchangePortOptions {
  readonly listen: Address;
  readonly rateLimits?: RateLimits | undefined;
  readonly identity: ChannelIdentity;
  /** from `ownTlsContext` */
  readonly context: () => SecureContext;
  readonly handlers: Handlers;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export function openExchangePort(options: ExchangePortOptions): Promise<Listener> {
  const { listen, identity, context, handlers, now, signal, log } = options;
  return listenFor({
    listen,
    rateLimiter: rateLimiter(options.rateLimits ?? RATE_LIMITS, () => performance.now()),
    signal,
    serve: async ({ socket, settled }) => serveExchange(await secure(socket, context(), ALPN.exchange), identity, handlers, now, settled),
    onFault: (err, source) => log.debug({ err, source }, 'A connection failed.'),
  });
}
