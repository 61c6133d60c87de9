/** What the popup shows of a Workspace on this device. */
import { countOpen } from '#core/access/openable';
import { boundPerson } from '../binding.ts';
import type { Host } from '../host.ts';
import type { Person } from '../people.ts';
import { listViewers } from '../viewers/find.ts';
import type { Handler, Reply } from './handler.ts';

export const status: Handler<'status'> = async (host, { workspace }) => statusOf(host, workspace, await boundPerson(host, workspace));

/** `person`: whose; the command line serves no browser profile, and chooses by itself. */
export async function statusOf(host: Host, workspace: string, person: Person | undefined): Promise<Reply<'status'>> {
  const viewers = listViewers(host.config.viewers);
  const clockLooksWrong = host.clock.looksWrong();
  if (person === undefined) {
    const known = await host.trust.of(workspace).catch(() => undefined);
    return {
      leases: { valid: 0, ended: 0, resources: 0, opens: 0 },
      sync: { state: 'never' },
      viewers,
      clockLooksWrong,
      ...(known?.workspaceStatement !== undefined && { workspaceStatement: known.workspaceStatement }),
    };
  }
  const owner = { workspace, subject: person.subject };
  const vault = await host.vaultOf(owner);
  const known = await host.trustFor(owner, false);
  const seconds = host.clock.now(workspace);
  const states = known === undefined ? [] : await vault.states(known.trust, seconds);
  const leases = states.map(({ state }) => state);
  const valid = states.filter(({ state }) => state.state === 'valid').length;
  return {
    subject: person.subject,
    userName: person.userName,
    leases: {
      valid,
      ended: states.length - valid,
      resources: states.length,
      opens: countOpen(leases, host.reachabilities.found(owner), seconds * 1_000),
    },
    sync: await host.syncs.status(owner),
    viewers,
    clockLooksWrong,
    ...(known?.workspaceStatement !== undefined && { workspaceStatement: known.workspaceStatement }),
  };
}
