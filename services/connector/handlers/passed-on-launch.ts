/** A gateway forwards a device's launch; the session host is told to connect to that gateway. */
import { HoldfastError } from '#protocol/errors';
import type { ControlParams, ControlPeer, ControlResult } from '#runtime/channel/control';
import { thumbprint } from '#runtime/jose/primitives';
import type { Launch } from '../launch.ts';

/** ms: the session host only has to acknowledge */
const MEET_MS = 1_500;

export function passedOnLaunch(launch: Launch): (params: ControlParams<'launch'>, peer: ControlPeer) => Promise<ControlResult<'launch'>> {
  return async ({ request, jkt, gateway, rendezvous }, peer) => {
    if (thumbprint(request.key) !== jkt) throw new HoldfastError('bad_request', { reason: 'other-key' });
    if (gateway.id !== peer.statement.id) throw new HoldfastError('bad_request', { reason: 'gateway-elsewhere' });
    const { brokered, host } = await launch(request, jkt, 'gateway');
    await host.peer.call('meet', { gateway, rendezvous, correlationId: request.correlationId }, MEET_MS).catch((cause: unknown) => {
      throw new HoldfastError(3021, { reason: 'host-silent' }, { cause });
    });
    return { ...brokered, meeting: { route: 'rendezvous', id: rendezvous } };
  };
}
