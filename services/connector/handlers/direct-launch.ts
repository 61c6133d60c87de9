/** A device inside the network redeems a lease or ticket here, and learns the session host's own address. */
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { mustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import type { Launch } from '../launch.ts';

export function directLaunch(
  identity: ChannelIdentity,
  launch: Launch,
  now: () => number,
): (exchange: Exchange<PresentLease | PresentTicket>) => Promise<void> {
  return async (exchange) => {
    const { brokered, host } = await launch(exchange.present, mustHoldKey(identity, exchange, now()), 'direct');
    exchange.answer({ ...brokered, type: 'grant', meeting: { route: 'direct', address: host.registration.address } });
    endSoon(exchange.socket);
  };
}
