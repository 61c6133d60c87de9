/** What a sign-out costs: said before (B-W10). */
import type { AppState } from '../app/model.ts';

export interface SignOutWords {
  readonly title: string;
  readonly text: string;
}

export function signOutWords(state: Pick<AppState, 'portal' | 'leases' | 'known' | 'host'>): SignOutWords {
  const outage = state.portal.is === 'offline' || state.portal.is === 'reconnecting';
  return { title: outage ? 'Sign out during the outage?' : 'Sign out?', text: (outage ? OUTAGE_COST : COST)[costOf(state)] };
}

type Cost = 'nothing-saved' | 'leases-deleted' | 'leases-kept';

/** What the host has not said yet may be there. */
function costOf({ leases, known, host }: Pick<AppState, 'leases' | 'known' | 'host'>): Cost {
  const mayBeSaved = leases === undefined ? host.path === 'ready' || host.path === 'unknown' : leases.size > 0;
  if (!mayBeSaved) return 'nothing-saved';
  return known?.continuity.deleteLeasesOnSignOut === false ? 'leases-kept' : 'leases-deleted';
}

type Costs = Readonly<Record<Cost, string>>;
const COST: Costs = {
  'leases-deleted': 'Your saved access is deleted from this device. In an outage nothing opens here until you have signed in again.',
  'leases-kept': 'Your list is removed from this browser. Saved access stays on this device.',
  'nothing-saved': 'Your list is removed from this browser.',
};
const OUTAGE_COST: Costs = {
  'leases-deleted': 'Your saved access is deleted from this device. Until the Workspace is back you could open nothing.',
  'leases-kept': 'Your list is removed from this browser. Until the Workspace is back you could open nothing here.',
  'nothing-saved': 'Your list is removed from this browser, and you can’t sign in until the Workspace is back.',
};
