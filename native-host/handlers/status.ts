/** What the popup shows of a Workspace on this device. */
import { listViewers } from '../viewers/find.ts';
import type { Handler } from './handler.ts';

export const status: Handler<'status'> = async (host, { workspace }) => {
  const person = await host.people.at(workspace);
  const viewers = listViewers(host.config.viewers);
  const clockLooksWrong = host.clock.looksWrong();
  if (person === undefined) {
    const known = await host.trust.of(workspace).catch(() => undefined);
    return {
      leases: { valid: 0, ended: 0, resources: 0 },
      sync: { state: 'never' },
      viewers,
      clockLooksWrong,
      ...(known?.workspaceStatement !== undefined && { workspaceStatement: known.workspaceStatement }),
    };
  }
  const owner = { workspace, subject: person.subject };
  const vault = await host.vaultOf(owner);
  const known = await host.trustFor(owner, false);
  const states = known === undefined ? [] : await vault.states(known.trust, host.clock.now());
  const valid = states.filter(({ state }) => state.state === 'valid').length;
  return {
    subject: person.subject,
    ...(person.userName !== undefined && { userName: person.userName }),
    leases: { valid, ended: states.length - valid, resources: states.length },
    sync: await host.syncs.status(owner),
    viewers,
    clockLooksWrong,
    ...(known?.workspaceStatement !== undefined && { workspaceStatement: known.workspaceStatement }),
  };
};
