/** Starts to watch tabs that were already loading a Workspace. */
import { tabs } from '../webext.ts';
import type { Portals } from '../workspaces/portals.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import type { Watches } from './watches.ts';

export interface ScanNeeds {
  readonly workspaces: Workspaces;
  readonly portals: Portals;
  readonly watches: Watches;
}

export async function scanTabs({ workspaces, portals, watches }: ScanNeeds): Promise<void> {
  for (const tab of await tabs.all()) {
    const onItsWay = tab.loading && workspaces.workspaceOf(tab.url) !== null && watches.state(tab.id).is === 'idle';
    if (onItsWay && !portals.isThere(tab.id)) watches.raw(tab.id, { kind: 'found', url: tab.url });
  }
}
