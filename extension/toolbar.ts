/** Toolbar icon (B-E7): which of four shapes, and its words. A pure function of what is known. */

import { type OpenOfList, openOfList } from './workspaces/open-of-list.ts';

export type ToolbarIcon = 'ready' | 'none' | 'host' | 'offline';

export interface ToolbarFacts {
  /** every portal page that is open: its workspace's name and how it stands */
  readonly portals: readonly { readonly name: string; readonly offline: boolean }[];
  readonly host: 'ready' | 'looking' | 'missing' | 'forbidden' | 'version' | 'crashed';
  /** resources that open offline, of all in the portal's list, where the host has said so */
  readonly saved: OpenOfList | null;
  /** a Workspace whose sign-in takes too long; `asked`: a window beside it asks, and may be hidden; else nothing is saved to offer */
  readonly overdue: { readonly name: string; readonly asked: boolean } | null;
}

const HOST_WORDS = {
  missing: 'Apps and desktops can’t be opened: the Holdfast host isn’t installed',
  forbidden: 'Apps and desktops can’t be opened: the Holdfast host refuses this browser',
  version: 'Apps and desktops can’t be opened: host and extension are incompatible',
  crashed: 'Apps and desktops can’t be opened: the Holdfast host stopped',
} as const;

/** Trouble with the host outranks the rest: it is what the person can mend. */
export function toolbar(facts: ToolbarFacts): { readonly icon: ToolbarIcon; readonly words: string; readonly badge?: string } {
  const { portals, host, saved, overdue } = facts;
  if (host !== 'ready' && host !== 'looking') return { icon: 'host', words: HOST_WORDS[host] };
  if (overdue !== null) {
    const more = overdue.asked ? 'a window offers to work offline' : 'nothing is saved on this device to work offline with';
    return { icon: 'none', words: `${overdue.name}: still signing in; ${more}`, badge: '!' };
  }
  const away = portals.find((portal) => portal.offline);
  if (away !== undefined) {
    return {
      icon: 'offline',
      words: saved === null ? `Offline: ${away.name}` : `Offline: ${openOfList(saved)} open`,
    };
  }
  const open = portals[0];
  if (open === undefined) return { icon: 'none', words: 'No Workspace open' };
  return host === 'ready'
    ? { icon: 'ready', words: `Ready: ${open.name}, host answers` }
    : { icon: 'none', words: `${open.name}: waiting for the host` };
}
