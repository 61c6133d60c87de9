/** A device inside the network redeems a lease or ticket here, and learns the session host's own address. */
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { sourceOf } from '#runtime/budget/source';
import type { MustHoldKey } from '#runtime/channel/device-proof';
import { type Exchange, endSoon } from '#runtime/channel/exchange';
import type { Launch } from '../launch.ts';

export function directLaunch(
  mustHoldKey: MustHoldKey,
  launch: Launch,
): (exchange: Exchange<PresentLease | PresentTicket>) => Promise<void> {
  return async (exchange) => {
    const from = { route: 'direct' as const, source: sourceOf(exchange.socket) };
    const { brokered, host } = await launch(exchange.present, mustHoldKey(exchange), from);
    exchange.answer({ ...brokered, type: 'grant', meeting: { route: 'direct', address: host.registration.address } });
    endSoon(exchange.socket);
  };
}
