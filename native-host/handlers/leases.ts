/** One page of leases with their states; the first page also starts the reachability check of their locations. */
import { LIMITS } from '#protocol/limits';
import type { HeldState } from '../vault/vault.ts';
import type { Handler } from './handler.ts';

export const leases: Handler<'leases'> = async (host, { workspace, subject, offset }) => {
  const owner = { workspace, subject };
  const vault = await host.vaultOf(owner);
  const known = await host.trustFor(owner, false);
  const states = known === undefined ? [] : await vault.states(known.trust, host.clock.now());
  const next = offset + LIMITS.leasesPerPage;
  const locations = offset === 0 ? locationsOf(states) : [];
  return {
    items: states.slice(offset, next).map(({ state }) => state),
    ...(next < states.length && { next }),
    reachability: known === undefined ? [] : [...host.reachabilities.look(owner, locations, known.trust)],
    sync: await host.syncs.status(owner),
  };
};

/** Each location once, in the order of first mention. */
function locationsOf(states: readonly HeldState[]) {
  const all = states.flatMap(({ held }) => held?.metadata.locations ?? []);
  return [...new Map(all.map((location) => [location.id, location])).values()];
}
