/** A session host's leg: inside TLS it identifies itself and its meeting, then both ends leave TLS. */
import type { SecureContext } from 'node:tls';
import { ALPN } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { judgeCaller } from '#runtime/channel/component-proof';
import { type Handlers, secure, serveExchange } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import type { Guest } from '#runtime/channel/listener';
import { standInFor, stepDownAsGateway } from '#runtime/channel/step-down';
import type { Meetings } from '../meetings.ts';

export interface LegContext {
  readonly identity: ChannelIdentity;
  readonly context: () => SecureContext;
  readonly meetings: Meetings;
  readonly now: () => number;
}

export async function receiveLeg(guest: Guest, { identity, context, meetings, now }: LegContext): Promise<void> {
  await guest.turn();
  const standIn = standInFor(guest.socket);
  const tls = await secure(standIn.stream, context(), ALPN.rendezvous);
  const rendezvous: Handlers['rendezvous'] = async (exchange) => {
    const host = judgeCaller(identity, exchange, { roles: ['session-host'] }, now()).id;
    const id = exchange.present.rendezvous;
    if (id === undefined || !meetings.expects(id, host)) throw new HoldfastError('not_found', { reason: 'meeting' });
    exchange.answer({ type: 'ready' });
    const socket = await stepDownAsGateway(exchange.socket, exchange.frames, standIn);
    meetings.arriveAsHost(id, { host, socket, settled: guest.settled });
  };
  // It stays a pending connection until the meeting is complete.
  await serveExchange(tls, identity, { rendezvous }, now, () => {});
}
