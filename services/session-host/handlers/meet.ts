/**
 * A connector's order: connect to that gateway and wait there for a device. The leg runs TLS under the gateway's own name until both ends
 * have stepped down; from then on it is a connection like one on our own port, with us as the TLS server.
 */
import { connect } from 'node:net';
import type { SecureContext } from 'node:tls';
import { ALPN } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { openChannel } from '#runtime/channel/client';
import { endWith, KEEP_ALIVE_MS } from '#runtime/channel/connection';
import type { ControlHandlers, ControlParams } from '#runtime/channel/control';
import { presentAndExpectReady } from '#runtime/channel/control-link';
import { type Handlers, secure, serveExchange } from '#runtime/channel/exchange';
import { framesOver } from '#runtime/channel/frames';
import type { ComponentIdentity } from '#runtime/channel/identity';
import { standInFor, stepDownAsSessionHost } from '#runtime/channel/step-down';
import type { Log } from '#runtime/log/log';
import { lookup } from '#runtime/tls/lookup';

export interface MeetContext {
  readonly identity: ComponentIdentity;
  readonly context: () => SecureContext;
  readonly handlers: Handlers;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

const DIAL_MS = 5_000;
/** concurrent meetings: more means a faulty connector */
const MAX_WAITING = 512;

/** Answers at once: device and session host connect to the gateway at the same time. */
export function meetHandler(context: MeetContext): NonNullable<ControlHandlers['meet']> {
  let waiting = 0;
  return async (params) => {
    if (waiting >= MAX_WAITING) throw new HoldfastError('too_many', { reason: 'meetings' });
    waiting += 1;
    meet(params, context, () => {
      waiting -= 1;
    }).catch((err: unknown) =>
      context.log.warn({ correlationId: params.correlationId, gateway: params.gateway.id, err }, 'Did not meet the device at the gateway.'),
    );
    return {};
  };
}

async function meet({ gateway, rendezvous }: ControlParams<'meet'>, context: MeetContext, settled: () => void): Promise<void> {
  const { identity, now, signal } = context;
  try {
    const raw = connect({
      host: gateway.address.host,
      port: gateway.address.port,
      lookup,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    raw.on('error', () => {});
    endWith(raw, signal);
    const standIn = standInFor(raw);
    const channel = await openChannel({
      address: gateway.address,
      over: standIn.stream,
      alpn: ALPN.rendezvous,
      signal,
      deadlineMs: DIAL_MS,
      trust: identity.trust(),
      expected: { roles: ['gateway'], id: gateway.id },
      now,
      onNews: (news) => identity.hear(news),
    });
    await presentAndExpectReady(channel, identity, now(), rendezvous);
    const socket = await stepDownAsSessionHost(channel.raw(), framesOver(channel.raw()), standIn);
    const tls = await secure(socket, context.context(), ALPN.exchange, TIMES.rendezvousMs);
    await serveExchange(tls, identity, context.handlers, now, settled);
  } finally {
    settled();
  }
}
