/** A port that serves only the exchange: TLS under our own key, hello, one present, its handler. */
import type { SecureContext } from 'node:tls';
import { ALPN } from '#protocol/channel';
import type { Address } from '#protocol/primitives';
import type { Log } from '../log/log.ts';
import { ADMISSION, type AdmissionLimits, admission } from './admission.ts';
import { type Handlers, secure, serveExchange } from './exchange.ts';
import { type Listener, listenFor } from './listener.ts';
import type { Speaker } from './speaker.ts';

export interface ExchangePortOptions {
  readonly listen: Address;
  readonly admission?: AdmissionLimits | undefined;
  readonly speaker: Speaker;
  /** from `tlsContext` */
  readonly context: SecureContext;
  readonly handlers: Handlers;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export function openExchangePort(options: ExchangePortOptions): Promise<Listener> {
  const { listen, speaker, context, handlers, now, signal, log } = options;
  return listenFor({
    listen,
    admission: admission(options.admission ?? ADMISSION, () => performance.now()),
    signal,
    serve: async ({ socket, settled }) => serveExchange(await secure(socket, context, ALPN.exchange), speaker, handlers, now, settled),
    onFault: (err, source) => log.debug({ err, source }, 'A connection failed.'),
  });
}
