/** Probes the Workspace in parallel to a tab's navigation, and asks the host for its saved leases. */
import { hostOf } from '#core/machines/login-watch-states';
import type { Facts } from '../workspaces/facts.ts';
import type { Portals } from '../workspaces/portals.ts';
import type { Watches } from './watches.ts';

export interface ProbeNeeds {
  readonly facts: Facts;
  readonly portals: Portals;
  readonly watches: Watches;
}

/** The result goes to the tab's watch as evidence, and to the Workspace's portal pages. */
export async function probe({ facts, portals, watches }: ProbeNeeds, tab: number, workspace: string): Promise<void> {
  void facts.askHost(workspace);
  const verdict = await facts.look(workspace);
  const host = hostOf(workspace);
  const at = Date.now();
  if (!verdict.up) {
    const { cause, status } = verdict;
    portals.tell(workspace, { event: 'workspace', state: 'outage', cause });
    watches.event(tab, {
      type: 'evidence',
      evidence: { kind: 'silent', host, cause, at, ...(status === undefined ? {} : { status }) },
    });
  } else if (verdict.identity === 'down') {
    watches.event(tab, { type: 'evidence', evidence: { kind: 'identity', host, cause: 'unreachable', at } });
  }
}
