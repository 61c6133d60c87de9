/** What a tab's login watch can be in, what happens to it, and what is done about it. The machine itself is `login-watch.ts`. */
import * as v from 'valibot';
import { Cause } from '#protocol/causes';
import type { Happening, TimerEffect } from './step.ts';

/**
 * `tab`: a main-frame navigation of this tab failed. `silent`: the Workspace's health document could not be had.
 * `identity`: that document says that the identity provider is down.
 */
export const Evidence = v.object({
  kind: v.picklist(['tab', 'silent', 'identity']),
  /** host that failed */
  host: v.string(),
  cause: Cause,
  /** HTTP status with cause `server-error` */
  status: v.exactOptional(v.number()),
  at: v.number(),
});
export type Evidence = Readonly<v.InferOutput<typeof Evidence>>;

/** Why the window is open. */
export const Reason = v.variant('why', [
  v.object({ why: v.literal('timeout'), host: v.string(), seconds: v.number() }),
  v.object({ why: v.literal('outage'), evidence: Evidence }),
  v.object({ why: v.literal('setting') }),
  v.object({ why: v.literal('again'), host: v.string(), seconds: v.number() }),
  v.object({ why: v.literal('asked') }),
]);
export type Reason = Readonly<v.InferOutput<typeof Reason>>;

/**
 * How far the tab is. `portal` and `portal-sign-in`: our page runs in it and judges the Workspace's silence itself,
 * so that no window covers a portal about to go offline. `elsewhere`: on a sign-in page.
 */
const Place = v.picklist(['opening', 'portal', 'portal-sign-in', 'elsewhere']);
export type Place = v.InferOutput<typeof Place>;

/** Number of a navigation in this tab, or `own` until one that we started has been seen. */
const Navigation = v.union([v.number(), v.literal('own')]);
export type Navigation = v.InferOutput<typeof Navigation>;

/** What the host says is saved on this device to work offline with; `unknown` until it has said so. */
const Saved = v.picklist(['unknown', 'something', 'nothing']);
export type Saved = v.InferOutput<typeof Saved>;

const Watching = v.object({
  is: v.literal('watching'),
  workspace: v.string(),
  navigation: Navigation,
  /** host that the tab waits for, for people */
  host: v.string(),
  place: Place,
  seconds: v.number(),
  /** null: it has passed, or the timeout is off and this is a second try */
  deadline: v.nullable(v.number()),
  saved: Saved,
  /** the deadline has passed with nothing saved: the toolbar icon says it, no window does */
  overdue: v.boolean(),
  /** the identity provider is said to be down, but nobody has been asked to sign in yet */
  doubt: v.nullable(Evidence),
});
export type Watching = Readonly<v.InferOutput<typeof Watching>>;
const Prompting = v.object({
  is: v.literal('prompting'),
  workspace: v.string(),
  navigation: Navigation,
  reason: Reason,
  /** the window has opened: a restarted worker does not ask again when a person closes it without choosing */
  shown: v.boolean(),
});
export type Prompting = Readonly<v.InferOutput<typeof Prompting>>;
export const WatchState = v.variant('is', [v.object({ is: v.literal('idle') }), Watching, Prompting]);
export type WatchState = { readonly is: 'idle' } | Watching | Prompting;

export type PortalReport = 'loaded' | 'signing-in' | 'online' | 'degraded' | 'offline' | 'reconnecting';

export type WatchEvent = Happening &
  (
    | {
        /** main-frame navigation to a Workspace URL; `by` a person (typed, bookmark, reload), a page, or not known yet */
        readonly type: 'workspace';
        readonly workspace: string;
        readonly host: string;
        readonly navigation: number;
        readonly by: 'person' | 'page' | 'unknown';
      }
    /** a redirect, or a navigation that a page made, to any other place */
    | { readonly type: 'hop'; readonly host: string }
    /** the tab was closed, or the person went to an unrelated address */
    | { readonly type: 'left' }
    | { readonly type: 'portal'; readonly report: PortalReport }
    | { readonly type: 'evidence'; readonly evidence: Evidence }
    | { readonly type: 'due' }
    /** what is saved on this device for the tab's Workspace */
    | { readonly type: 'saved'; readonly saved: Exclude<Saved, 'unknown'> }
    /** the person's choice in the window; closing it is `keep` */
    | { readonly type: 'choice'; readonly choice: 'offline' | 'again' | 'keep' }
    /** the window is there */
    | { readonly type: 'shown' }
    /** "Go to <name>" in the popup made this tab */
    | { readonly type: 'asked'; readonly workspace: string }
  );

export type How = 'front' | 'beside';

export type WatchEffect =
  | TimerEffect
  /** look at the Workspace's health document */
  | { readonly do: 'probe'; readonly workspace: string }
  /** open this tab's window: in front, with the keyboard, or beside what the person is doing, without it */
  | { readonly do: 'show'; readonly how: How }
  | { readonly do: 'close' }
  /** take the tab to the Workspace: to its start, or to its offline mode */
  | { readonly do: 'go'; readonly workspace: string; readonly to: 'start' | 'offline' };

/** `seconds` as set: 15, 30, 45 or 60. */
export interface WatchSettings {
  readonly on: boolean;
  readonly seconds: number;
}

/** `https://host:port` without the scheme: how people name a place. */
export function hostOf(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//u, '');
}
