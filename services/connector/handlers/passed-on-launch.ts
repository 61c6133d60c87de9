/** A gateway forwards a device's launch; the session host is told to connect to that gateway, where the site document says that it is. */
import { HoldfastError } from '#protocol/errors';
import type { Endpoint } from '#protocol/lease';
import type { ControlParams, ControlResult } from '#runtime/channel/control';
import { silenceAs } from '#runtime/channel/silent-peer';
import { thumbprint } from '#runtime/jose/primitives';
import type { Launch } from '../launch.ts';

/** ms: the session host only has to acknowledge */
const MEET_MS = 1_500;

export function passedOnLaunch(launch: Launch, gateway: Endpoint): (params: ControlParams<'launch'>) => Promise<ControlResult<'launch'>> {
  return async ({ request, jkt, rendezvous }) => {
    if (thumbprint(request.key) !== jkt) throw new HoldfastError('bad_request', { reason: 'other-key' });
    const { brokered, host } = await launch(request, jkt, { route: 'gateway', source: jkt });
    await host.peer.call('meet', { gateway, rendezvous, correlationId: request.correlationId }, MEET_MS).catch(silenceAs('host-silent'));
    return { ...brokered, meeting: { route: 'rendezvous', id: rendezvous } };
  };
}
