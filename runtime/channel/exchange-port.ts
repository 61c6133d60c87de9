/** A port that serves only the exchange: TLS under our own key, hello, one present, its handler. */
import type { SecureContext } from 'node:tls';
import { ALPN } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Address } from '#protocol/primitives';
import { turnedAwayBy } from '../budget/turned-away.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { readClientHello } from './client-hello.ts';
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
  readonly metrics: Metrics;
}

/** What a port turned away, counted and logged in sums. */
export function countTurnedAway(metrics: Metrics, log: Log): (source: string) => void {
  const counted = metrics.counter('holdfast_channel_turned_away_total', 'Connections refused before any cryptography, or cut for others.');
  const told = turnedAwayBy(log, () => counted.add());
  return (source) => told(source, 'connections');
}

export function openExchangePort(options: ExchangePortOptions): Promise<Listener> {
  const { listen, identity, context, handlers, now, signal, log, metrics } = options;
  return listenFor({
    listen,
    rateLimiter: rateLimiter(options.rateLimits ?? RATE_LIMITS, () => performance.now()),
    signal,
    serve: async ({ socket, settled, turn }) => {
      // Whoever speaks no TLS, or another protocol, is gone before any cryptography.
      const { alpn } = await readClientHello(socket);
      if (!alpn.includes(ALPN.exchange)) throw new HoldfastError('bad_request', { reason: 'no-tls' });
      await turn();
      await serveExchange(await secure(socket, context(), ALPN.exchange), identity, handlers, now, settled);
    },
    onTurnedAway: countTurnedAway(metrics, log),
    onFault: (err, source) => log.debug({ err, source }, 'A connection failed.'),
  });
}
