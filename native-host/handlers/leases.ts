/** One page of leases with their states; the first page also starts the reachability check of their locations. */
import { LIMITS } from '#protocol/limits';
import { tryDisk } from '../disk-trial.ts';
import type { Found } from '../reachability.ts';
import type { Handler } from './handler.ts';

const NOTHING: Found = { reachability: [], refusals: [] };

export const leases: Handler<'leases'> = async (host, { workspace, subject, offset }) => {
  const owner = { workspace, subject };
  const vault = await host.vaultOf(owner);
  const known = await host.trustFor(owner, false);
  const states = known === undefined ? [] : await vault.states(known.trust, host.clock.now(workspace));
  const next = offset + LIMITS.leasesPerPage;
  const found = known === undefined || offset > 0 ? NOTHING : host.reachabilities.look(owner, states, known.trust);
  return {
    items: states.slice(offset, next).map(({ state }) => state),
    ...(next < states.length && { next }),
    ...found,
    sync: await host.syncs.status(owner),
    ...(offset === 0 && { disk: await tryDisk(host.home) }),
  };
};
