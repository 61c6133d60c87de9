/**
 * How the portal as a whole stands. Driven by the portal page; every event carries its own time.
 *
 *   starting --signed in--> online <--feeds--> degraded        any of these --outage evidence--> offline
 *       |                     |                    |                        --"work offline"---> offline (by choice)
 *       +---sign in---> signing-in <---sign in-----+
 *
 *   offline, degraded --Reconnect pressed--> reconnecting --answer within 5 s--> online, degraded, signing-in
 *      ^                                          |
 *      +----------- outage, or 5 s over ----------+
 *
 * Offline by choice ends only by the person; that an outage seen meanwhile is over is said. Offline by outage notices that the Workspace answers again and offers it;
 * it goes back by itself only when the session is still good and the person is not in the middle of something.
 */
import type { Cause } from '#protocol/causes';
import { type FeedSettings, type FeedState, retryDelay } from './feed.ts';
import { type Step, same, type TimerEffect } from './step.ts';

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

type PortalStep = Step<PortalState, PortalEffect>;

/** How a start comes about: by any way, offline by choice, or by the way back from a sign-in that was completed. */
export type Beginning = 'normal' | 'by-choice' | 'from-sign-in';

/**
 * `waitedMs`: since the navigation began. The start's deadline counts from there, because the person has waited since then; but a
 * page that came to its first ask late says nothing of the Workspace, which keeps its least time. Such a page is on a device that is
 * short of time, and says how late it was.
 */
export function startPortal(begin: Beginning, at: number, waitedMs: number, settings: PortalSettings): PortalStep {
  if (begin === 'by-choice') return becomeOfflineByChoice(at, false, settings);
  const from = begin === 'from-sign-in' ? 'sign-in' : 'anywhere';
  const fromHereMs = settings.startMs - settings.sayingMs - waitedMs;
  const deadlineMs = Math.max(settings.leastStartMs, fromHereMs);
  return { state: { is: 'starting', from }, effects: [{ do: 'probe', deadlineMs, lateMs: deadlineMs - fromHereMs }] };
}

export function nextPortal(state: PortalState, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (state.is) {
    case 'starting':
      return fromStarting(state, event, settings);
    case 'signing-in':
      return fromSigningIn(state, event, settings);
    case 'online':
    case 'degraded':
      return fromConnected(state, event, settings);
    case 'offline':
      return state.why.by === 'choice' ? fromChoice(state, event, settings) : fromOutage(state, event, settings);
    case 'reconnecting':
      return fromReconnecting(state, event, settings);
  }
}

/** All feeds together, as the portal's state needs them. */
export function summarize(feeds: Iterable<FeedState>): FeedsSummary {
  for (const feed of feeds) {
    if (feed.is === 'unavailable' || (feed.is === 'cached' && feed.cause !== undefined)) return 'failed';
  }
  return 'fine';
}

function fromStarting(state: Extract<PortalState, { is: 'starting' }>, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'signedIn':
      return becomeConnected(event.feeds);
    // Back from there without a session: going again would be a circle.
    case 'signInNeeded':
      return becomeSigningIn(state.from === 'sign-in' ? 'wait' : 'go');
    case 'outage':
      return becomeOffline(event.cause, event.at, 0, event.chance, settings, event.at, undefined);
    case 'deadline':
      return becomeOffline('timeout', event.at, 0, event.chance, settings, event.at, undefined);
    case 'workOffline':
      return becomeOfflineByChoice(event.at, false, settings);
    case 'signedOut':
      return becomeSigningIn('wait');
    case 'feeds':
    case 'reconnect':
    case 'due':
    case 'back':
      return same(state);
  }
}

function fromSigningIn(state: PortalState, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'signedIn':
      return becomeConnected(event.feeds);
    case 'outage':
      return becomeOffline(event.cause, event.at, 0, event.chance, settings, event.at, undefined);
    case 'workOffline':
      return becomeOfflineByChoice(event.at, false, settings);
    case 'signInNeeded':
    case 'deadline':
    case 'feeds':
    case 'reconnect':
    case 'due':
    case 'back':
    case 'signedOut':
      return same(state);
  }
}

function fromConnected(state: PortalState, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'signedIn':
    case 'feeds':
      return becomeConnected(event.feeds);
    // The person is at work: the sign-in view says so, and waits for the button.
    case 'signInNeeded':
    case 'signedOut':
      return becomeSigningIn('wait');
    case 'outage':
      return becomeOffline(event.cause, event.at, 0, event.chance, settings, event.at, undefined);
    case 'workOffline':
      return becomeOfflineByChoice(event.at, false, settings);
    case 'reconnect':
      return state.is === 'degraded' ? becomeReconnecting('degraded', undefined, settings) : same(state);
    case 'back':
      return state.is === 'degraded' ? { state, effects: [{ do: 'reloadFeeds' }] } : same(state);
    case 'deadline':
    case 'due':
      return same(state);
  }
}

function fromOutage(state: OfflineState, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'signedIn':
      return event.busy ? becomeBack(state, 'signed-in', event.at, settings) : becomeReconnecting('offline', state.since, settings);
    case 'signInNeeded':
      return becomeBack(state, 'sign-in', event.at, settings);
    case 'outage':
      return becomeOffline(event.cause, event.at, state.attempt, event.chance, settings, state.since, undefined);
    case 'workOffline':
      return becomeOfflineByChoice(event.at, true, settings);
    case 'reconnect':
      return becomeReconnecting('offline', state.since, settings);
    case 'due':
    case 'back':
      return { state, effects: [{ do: 'probe', deadlineMs: settings.startMs, lateMs: 0 }] };
    // a probe of the background that nobody answered
    case 'deadline':
      return becomeOffline('timeout', event.at, state.attempt, event.chance, settings, state.since, undefined);
    case 'feeds':
    case 'signedOut':
      return same(state);
  }
}

function fromChoice(state: OfflineState, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'reconnect':
      return becomeReconnecting('offline', undefined, settings);
    case 'due':
      return { state, effects: lookingFrom(event.at, settings) };
    case 'outage':
      return becomeMissed(state);
    case 'back':
      return state.why.by === 'choice' && state.why.outage ? becomeAnswering(state) : same(state);
    case 'signedIn':
    case 'signInNeeded':
    case 'deadline':
    case 'workOffline':
    case 'feeds':
    case 'signedOut':
      return same(state);
  }
}

function fromReconnecting(state: Extract<PortalState, { is: 'reconnecting' }>, event: PortalEvent, settings: PortalSettings): PortalStep {
  switch (event.type) {
    case 'signedIn':
      return becomeConnected(event.feeds);
    case 'signInNeeded':
      return becomeSigningIn('go');
    case 'outage':
    case 'deadline': {
      const cause = event.type === 'outage' ? event.cause : 'timeout';
      return becomeOffline(cause, event.at, 0, event.chance, settings, state.since ?? event.at, { cause, at: event.at });
    }
    case 'workOffline':
      return becomeOfflineByChoice(event.at, false, settings);
    case 'signedOut':
      return becomeSigningIn('wait');
    case 'feeds':
    case 'reconnect':
    case 'due':
    case 'back':
      return same(state);
  }
}

const QUIET: readonly PortalEffect[] = [{ do: 'rest' }, { do: 'stopProbe' }];

function becomeConnected(feeds: FeedsSummary): PortalStep {
  return { state: { is: feeds === 'fine' ? 'online' : 'degraded' }, effects: QUIET };
}

function becomeSigningIn(how: 'go' | 'wait'): PortalStep {
  return { state: { is: 'signing-in' }, effects: how === 'go' ? [...QUIET, { do: 'goSignIn' }] : QUIET };
}

function becomeOffline(
  cause: Cause,
  at: number,
  attempt: number,
  chance: number,
  settings: PortalSettings,
  since: number,
  tried: OfflineState['tried'],
): PortalStep {
  const retryAt = at + retryDelay(attempt, chance, settings);
  return {
    state: { is: 'offline', why: { by: 'outage', cause }, since, back: 'no', tried, retryAt, attempt: attempt + 1 },
    effects: [{ do: 'stopProbe' }, { do: 'wait', until: retryAt }],
  };
}

function becomeOfflineByChoice(at: number, outage: boolean, settings: PortalSettings): PortalStep {
  return {
    state: { is: 'offline', why: { by: 'choice', outage }, since: at, back: 'no', tried: undefined, retryAt: undefined, attempt: 0 },
    effects: [{ do: 'stopProbe' }, ...lookingFrom(at, settings)],
  };
}

/** By choice: an outage was seen. */
function becomeMissed(state: OfflineState): PortalStep {
  return { state: { ...state, why: { by: 'choice', outage: true }, back: 'no' }, effects: [] };
}

/** By choice: that outage is over. */
function becomeAnswering(state: OfflineState): PortalStep {
  return { state: { ...state, back: 'answers' }, effects: [] };
}

function lookingFrom(at: number, { lookMs }: PortalSettings): readonly PortalEffect[] {
  return [{ do: 'look' }, { do: 'wait', until: at + lookMs }];
}

/** The Workspace answers: it is offered. It is looked at again, so that the offer does not outlive a second outage. */
function becomeBack(state: OfflineState, back: 'signed-in' | 'sign-in', at: number, settings: PortalSettings): PortalStep {
  return {
    state: { ...state, back, tried: undefined, retryAt: undefined, attempt: 0 },
    effects: [{ do: 'stopProbe' }, { do: 'wait', until: at + settings.offeredMs }],
  };
}

function becomeReconnecting(from: 'degraded' | 'offline', since: number | undefined, settings: PortalSettings): PortalStep {
  return {
    state: { is: 'reconnecting', from, since },
    effects: [{ do: 'rest' }, { do: 'probe', deadlineMs: settings.reconnectMs, lateMs: 0 }, { do: 'reloadFeeds' }],
  };
}
