/** The connector of a location that is asked: nobody waits for a hung one, so it is the first of them to answer a ping. */
import { HoldfastError } from '#protocol/errors';
import type { LaunchMode } from '#protocol/primitives';
import type { ControlPeer } from '#runtime/channel/control';
import type { ControlRegistry } from '#runtime/channel/control-link';

/**
 * ms for a connector to show that it answers. A lease can be shown elsewhere at once, so it waits no longer than this connector
 * usually takes, and no less than a busy process may stall (docs/adr/0005). A ticket has only its redeemer.
 */
const PATIENCE = { lease: { leastMs: 100, mostMs: 500 }, ticket: { leastMs: 500, mostMs: 500 } } as const;

/** Of the connectors `ids`. Throws 3021 when none of this location answers. */
export async function connectorThatAnswers(
  connectors: Pick<ControlRegistry, 'get'>,
  ids: readonly string[],
  location: string,
  mode: LaunchMode,
): Promise<ControlPeer> {
  const peers = ids.flatMap((id) => connectors.get(id) ?? []).filter((peer) => peer.statement.location === location && peer.responsive());
  try {
    return await Promise.any(peers.map((peer) => peer.probe(PATIENCE[mode]).then(() => peer)));
  } catch (cause) {
    throw new HoldfastError(3021, { reason: 'no-connector' }, { cause });
  }
}
