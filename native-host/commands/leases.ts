/** `holdfast-host leases`. */
import * as v from 'valibot';
import { resourceKey } from '#core/access/resource-key';
import { Origin } from '#protocol/primitives';
import { CommonFlags, flagsOf, homeOf, hostFor, personAt, print } from './options.ts';

const LeasesFlags = v.object({ ...CommonFlags.entries, workspace: v.optional(Origin) });

export async function leasesCommand(given: unknown): Promise<number> {
  const flags = flagsOf(LeasesFlags, given);
  const host = await hostFor(homeOf(flags));
  const owner = await personAt(host, flags.workspace);
  const vault = await host.vaultOf(owner);
  const known = await host.trustFor(owner, false);
  const states = known === undefined ? [] : await vault.states(known.trust, host.clock.now(owner.workspace));
  const leases = states.map(({ state }) => state);
  print(
    flags.json,
    { ...owner, leases },
    leases.map(({ resource, name, state, code, exp }) => {
      const end = exp === 0 ? '' : `, until ${new Date(exp * 1_000).toISOString()}`;
      return `${resourceKey(resource)}  ${name}: ${state}${code === undefined ? '' : ` (${code})`}${end}`;
    }),
  );
  return 0;
}
