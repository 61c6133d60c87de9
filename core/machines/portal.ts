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
 * it goes back by itself only when the session is still good and the person is not in the middle of something. States and events: `portal-states.ts`.
 */
import type { Cause } from '#protocol/causes';
import { type FeedState, retryDelay } from './feed.ts';
import type {
  Beginning,
  FeedsSummary,
  OfflineState,
  PortalEffect,
  PortalEvent,
  PortalSettings,
  PortalState,
  PortalStep,
} from './portal-states.ts';
import { same } from './step.ts';

/**
 * `waitedMs`: since the navigation began. The start's deadline counts from there, because the person has waited since then; but a
 * page that came to its first ask late says nothing of the Workspace, which keeps its least time. Such a page is on a device that is
 * short of time, and says how late it was.
 */
export function startPortal(begin: Beginning, at: number, waitedMs: number, settings: PortalSettings): PortalStep {
  if (begin === 'by-choice') return becomeOfflineByChoice(at, false, settings);
  const from = begin === 'normal' ? 'anywhere' : 'sign-in';
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
    // Back from there without a session, or from a sign-out: going there now would be a circle, or not what was asked for.
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
