/** A device on the inside redeems a lease or ticket here, and is told the session host's own address. */
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { mustHoldKey } from '#runtime/channel/device-proof';
import type { Speaker } from '#runtime/channel/speaker';
import { endSoon, type Visit } from '#runtime/channel/visit';
import type { Launch } from '../launch.ts';

export function directLaunch(
  speaker: Speaker,
  launch: Launch,
  now: () => number,
): (visit: Visit<PresentLease | PresentTicket>) => Promise<void> {
  return async (visit) => {
    const { brokered, host } = await launch(visit.present, mustHoldKey(speaker, visit, now()), 'direct');
    visit.answer({ ...brokered, type: 'grant', meeting: { route: 'direct', address: host.registration.address } });
    endSoon(visit.socket);
  };
}
