/** Everything that the page shows, in one value. Drivers change it, elements draw it. */
import { type Losses, NO_LOSSES } from '#core/access/losses';
import type { HostPath } from '#core/access/openable';
import type { FeedState } from '#core/machines/feed';
import type { PortalState } from '#core/machines/portal-states';
import type { Cause } from '#protocol/causes';
import type { WireError } from '#protocol/errors';
import type { DiskState, LeaseState, Reachability, Refusal, RunningSession, SyncStatus } from '#protocol/host';
import type { PortalSession } from '#protocol/workspace-api';
import type { KnownSession, SignedOut, Theme } from '../bridges/local-storage.ts';
import type { DetailsFor, WordsFor } from '../view/error-words.ts';
import type { LaunchView } from '../view/launch.ts';
import type { Filter, Item } from '../view/list.ts';
import type { Notice } from '../view/notice.ts';
import type { Readiness } from '../view/ready.ts';

/** State of extension and native host. */
export interface HostState {
  readonly path: HostPath;
  /** why not, as the refusal says */
  readonly error: WireError | undefined;
}

/** What this browser keeps for an outage. */
export interface Kept {
  /** the page itself, with everything that it needs */
  readonly shell: boolean;
  /** ids of the feeds whose list is there and readable */
  readonly lists: ReadonlySet<string>;
}

/** Failures per hop, with the first and the last time. Milliseconds since 1970. */
export interface Evidence {
  readonly hop: string;
  readonly cause: Cause;
  readonly first: number;
  readonly last: number;
}

export interface AppState {
  readonly now: number;
  readonly portal: PortalState;
  /** the person whose lists these are; kept from the last visit */
  readonly known: KnownSession | undefined;
  /** a sign-in was requested since: the list waits until the Workspace says who this is, or does not answer */
  readonly unsure: boolean;
  /** the person has just signed out, here or before the provider's own sign-out; `under-way`: nobody has said yet what became of it */
  readonly signedOut: SignedOut | 'under-way' | undefined;
  /** the signed-in session of this visit, with its tokens */
  readonly session: PortalSession | undefined;
  readonly feeds: ReadonlyMap<string, FeedState>;
  /** the last list could not be kept: the browser's storage is full */
  readonly unsaved: boolean;
  /** undefined: not looked yet */
  readonly kept: Kept | undefined;
  readonly host: HostState;
  /** whether the host can write what a launch needs; undefined: it has not said */
  readonly disk: DiskState | undefined;
  readonly leases: ReadonlyMap<string, LeaseState> | undefined;
  readonly reachability: ReadonlyMap<string, Reachability>;
  /** by `resourceKey` */
  readonly refusals: ReadonlyMap<string, Refusal>;
  readonly sync: SyncStatus | undefined;
  /** access is being saved after a sign-in, or listed after that */
  readonly saving: boolean;
  readonly denials: ReadonlyMap<string, string>;
  readonly sessions: readonly RunningSession[];
  readonly losses: Losses;
  /** from the second script; undefined until it is loaded */
  readonly notices: ((state: AppState, items: readonly Item[]) => readonly Notice[]) | undefined;
  /** thumbprint of this device's key for the person */
  readonly ownDevice: string | undefined;
  /** notices of devices first seen until then were put away; seconds since 1970 */
  readonly devicesSeen: number;
  /** the notice of unknown groups was put away */
  readonly groupsNoticeAway: boolean;
  readonly launch: LaunchView | undefined;
  readonly evidence: readonly Evidence[];
  readonly favourites: ReadonlySet<string>;
  readonly filter: Filter;
  readonly search: string;
  readonly theme: Theme;
  readonly singleKeys: boolean;
  /** what errors are called */
  readonly words: WordsFor;
  readonly details: DetailsFor;
  /** what would open in an outage; comes with the second script */
  readonly readiness: (state: AppState, items: readonly Item[]) => Readiness;
  /** text of the status line */
  readonly said: string;
}

/** Before anything is known of a person. Set anew when one signs out and when another signs in: nothing of one is shown to the next. */
export const NOTHING_OF_A_PERSON = {
  kept: undefined,
  leases: undefined,
  sync: undefined,
  refusals: new Map(),
  denials: new Map(),
  sessions: [],
  losses: NO_LOSSES,
  ownDevice: undefined,
  groupsNoticeAway: false,
  launch: undefined,
  favourites: new Set(),
} as const satisfies Partial<AppState>;

export function isByChoice({ portal }: Pick<AppState, 'portal'>): boolean {
  return portal.is === 'offline' && portal.why.by === 'choice';
}

export interface Model {
  readonly state: AppState;
  set(change: Partial<AppState>): void;
  subscribe(listener: (now: AppState, before: AppState) => void): void;
}

export function openModel(initial: AppState): Model {
  let state = initial;
  const listeners: ((now: AppState, before: AppState) => void)[] = [];
  return {
    get state() {
      return state;
    },
    set: (change) => {
      const before = state;
      state = { ...state, ...change };
      for (const listener of listeners) listener(state, before);
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
