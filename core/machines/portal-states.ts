/** What the portal's machine (`portal.ts`) can be in, is told, does and is set to. */
import type { Cause } from '#protocol/causes';
import type { FeedSettings } from './feed.ts';
import type { Step, TimerEffect } from './step.ts';

/** `failed`: some feed is cached with a cause or unavailable. A feed whose answer is awaited does not count. */
export type FeedsSummary = 'fine' | 'failed';

export type PortalState =
  | { readonly is: 'starting'; readonly from: 'anywhere' | 'sign-in' }
  | { readonly is: 'signing-in' }
  | { readonly is: 'online' }
  | { readonly is: 'degraded' }
  | {
      readonly is: 'offline';
      readonly why: OfflineReason;
      /** milliseconds since 1970 */
      readonly since: number;
      /** whether the Workspace answers again, and whether Reconnect leads back at once or to sign-in; `answers`: by choice, nobody asked */
      readonly back: 'no' | 'signed-in' | 'sign-in' | 'answers';
      /** the result of the last Reconnect, until a newer one is known */
      readonly tried: { readonly cause: Cause; readonly at: number } | undefined;
      /** when it looks again by itself */
      readonly retryAt: number | undefined;
      readonly attempt: number;
    }
  /** `since`: when the outage began that it tries to end */
  | { readonly is: 'reconnecting'; readonly from: 'degraded' | 'offline'; readonly since: number | undefined };
export type OfflineState = Extract<PortalState, { is: 'offline' }>;
export type OfflineReason =
  | { readonly by: 'outage'; readonly cause: Cause }
  | { readonly by: 'choice' /** an outage was seen */; readonly outage: boolean };

/** `at`: milliseconds since 1970. `chance` (0 to 1) spreads retries. `busy`: the person is in the middle of something. */
export type PortalEvent =
  | { readonly type: 'signedIn'; readonly at: number; readonly feeds: FeedsSummary; readonly busy: boolean }
  | { readonly type: 'signInNeeded'; readonly at: number }
  | { readonly type: 'outage'; readonly at: number; readonly cause: Cause; readonly chance: number }
  | { readonly type: 'deadline'; readonly at: number; readonly chance: number }
  | { readonly type: 'workOffline'; readonly at: number }
  | { readonly type: 'feeds'; readonly at: number; readonly feeds: FeedsSummary }
  | { readonly type: 'reconnect'; readonly at: number }
  | { readonly type: 'due'; readonly at: number }
  /** the extension says that the Workspace answers, and its sign-in with it */
  | { readonly type: 'back'; readonly at: number }
  | { readonly type: 'signedOut'; readonly at: number };

export type PortalEffect =
  /**
   * ask for the session; a `deadline` event is due after `deadlineMs` of the page's own time unless an answer comes first. `lateMs`:
   * how late the page was already
   */
  | { readonly do: 'probe'; readonly deadlineMs: number; readonly lateMs: number }
  /** have the extension look at the Workspace's health document: `back` or `outage` follows */
  | { readonly do: 'look' }
  | { readonly do: 'reloadFeeds' }
  | { readonly do: 'goSignIn' }
  /** the answer to a probe is no longer awaited */
  | { readonly do: 'stopProbe' }
  | TimerEffect;

/** Milliseconds. One deadline for the start: session and feeds are asked in parallel. */
export interface PortalSettings extends Pick<FeedSettings, 'retryFirstMs' | 'retryMaxMs'> {
  readonly startMs: number;
  readonly reconnectMs: number;
  /** what it takes to say it on the screen */
  readonly sayingMs: number;
  /** A probe without an answer is asked again beside it, on another connection, so long after: one lost packet is no outage. */
  readonly askEveryMs: number;
  /** how often a probe asks, the first time included */
  readonly asks: number;
  /**
   * The Workspace has at least this from the first ask on, however late the page was. After the last ask it leaves 650: at 300 a round
   * trip, a new connection and the answer.
   */
  readonly leastStartMs: number;
  /** an offered Reconnect is checked again after this, so that it does not outlive a second outage */
  readonly offeredMs: number;
  /** how often the extension looks for a person who works offline by choice */
  readonly lookMs: number;
}
export const PORTAL_SETTINGS: PortalSettings = {
  startMs: 1_500,
  reconnectMs: 5_000,
  retryFirstMs: 5_000,
  retryMaxMs: 60_000,
  sayingMs: 50,
  askEveryMs: 200,
  asks: 3,
  leastStartMs: 1_050,
  offeredMs: 30_000,
  lookMs: 20_000,
};

export type PortalStep = Step<PortalState, PortalEffect>;

/** How a start comes about: by any way, offline by choice, or by the way back from a sign-in that was completed. */
export type Beginning = 'normal' | 'by-choice' | 'from-sign-in' | 'from-sign-out';
