/** A device inside the network asks whether this location answers and would open a lease of its. */
import type { PresentReach } from '#protocol/channel';
import { mustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { ChannelIdentity } from '#runtime/channel/identity';
import type { Reach } from '../reach.ts';

export function directReach(
  identity: ChannelIdentity,
  location: string,
  reach: Reach,
  now: () => number,
): (exchange: Exchange<PresentReach>) => Promise<void> {
  return async (exchange) => {
    const said = reach(exchange.present.lease, mustHoldKey(identity, exchange, now()));
    exchange.answer({ type: 'reached', locations: [{ location, ...said }] });
    endSoon(exchange.socket);
  };
}
