/** A device inside the network asks whether this location answers, and whether it would honour the device's lease. */
import type { PresentReach } from '#protocol/channel';
import type { MustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { Reach } from '../reach.ts';

export function directReach(mustHoldKey: MustHoldKey, location: string, reach: Reach): (exchange: Exchange<PresentReach>) => Promise<void> {
  return async (exchange) => {
    const said = reach(exchange.present.lease, mustHoldKey(exchange));
    exchange.answer({ type: 'reached', locations: [{ location, ...said }] });
    endSoon(exchange.socket);
  };
}
