/**
 * How one feed stands. Driven by the portal; no clock, no network: every event carries its own time.
 *
 *              cached copy read                 failure or deadline, no copy
 *   loading ----------------------> cached    loading ------------------------> unavailable
 *      |  ^                           ^  |                                         |
 *      |  | due, reconnect, back      |  | good document                           | good document
 *      |  +---------------------------+  v                                         v
 *      +-----------------------------> live <--------------------------------------+
 *         good document                 | failure or deadline: cached again, from what was live
 *
 * What is shown stays shown: only an authenticated answer ("you have no resources here"), the person's own sign-out or
 * another person's sign-in takes a copy away.
 */
import type { Cause } from '#protocol/causes';
import type { FeedDocument } from '#protocol/feed';
import { type Step, same, type TimerEffect } from './step.ts';

export type FeedState =
  | { readonly is: 'loading'; readonly shown: FeedDocument | undefined; readonly attempt: number }
  /** `document` is absent after a sign-out: live and empty */
  | { readonly is: 'live'; readonly document: FeedDocument | undefined }
  /** `cause` is absent while the first answer is still awaited */
  | { readonly is: 'cached'; readonly copy: FeedDocument; readonly cause: Cause | undefined; readonly attempt: number }
  | { readonly is: 'unavailable'; readonly cause: Cause; readonly attempt: number };

/** `at`: milliseconds since 1970. `chance` (0 to 1) spreads the retries of many portals. */
export type FeedEvent =
  | { readonly type: 'cacheRead'; readonly at: number; readonly copy: FeedDocument | undefined }
  /** marked as ours, well formed, the signed-in person's, and with resources */
  | { readonly type: 'document'; readonly at: number; readonly document: FeedDocument }
  /** the same, and it says that this person has nothing here */
  | { readonly type: 'emptied'; readonly at: number; readonly document: FeedDocument }
  | { readonly type: 'failed'; readonly at: number; readonly cause: Cause; readonly chance: number }
  | { readonly type: 'deadline'; readonly at: number; readonly chance: number }
  | { readonly type: 'due'; readonly at: number }
  | { readonly type: 'reconnect'; readonly at: number }
  | { readonly type: 'back'; readonly at: number }
  | { readonly type: 'signedOut'; readonly at: number }
  | { readonly type: 'otherUser'; readonly at: number };

export type FeedEffect =
  | { readonly do: 'readCache' }
  /** ask the Workspace; a `deadline` event is due after `deadlineMs` unless an answer comes first */
  | { readonly do: 'fetch'; readonly deadlineMs: number }
  | { readonly do: 'remove' }
  /** the answer to a fetch is no longer awaited */
  | { readonly do: 'stopFetch' }
  | TimerEffect;

/** Milliseconds. */
export interface FeedSettings {
  readonly deadlineMs: number;
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
}
export const FEED_SETTINGS: FeedSettings = { deadlineMs: 1_500, retryFirstMs: 5_000, retryMaxMs: 60_000 };

type FeedStep = Step<FeedState, FeedEffect>;

/** A feed that nothing is known of yet. The cache is read before anything is asked. */
export function startFeed(settings: FeedSettings): FeedStep {
  return { state: { is: 'loading', shown: undefined, attempt: 0 }, effects: [{ do: 'readCache' }, ask(settings)] };
}

/** One step of one feed. */
export function nextFeed(state: FeedState, event: FeedEvent, settings: FeedSettings): FeedStep {
  switch (event.type) {
    case 'cacheRead':
      return event.copy === undefined ? same(state) : becomeShown(state, event.copy);
    case 'document':
      return becomeLive(event.document, []);
    case 'emptied':
      return becomeLive(event.document, [{ do: 'remove' }]);
    case 'failed':
      return becomeFailed(state, event.cause, event, settings);
    case 'deadline':
      return becomeFailed(state, 'timeout', event, settings);
    case 'due':
      return becomeLoading(state, attemptOf(state), settings);
    case 'reconnect':
    case 'back':
      return becomeLoading(state, 0, settings);
    case 'signedOut':
    case 'otherUser':
      return becomeLive(undefined, [{ do: 'remove' }]);
  }
}

/** What is on the screen for this feed. */
export function shownOf(state: FeedState): FeedDocument | undefined {
  switch (state.is) {
    case 'loading':
      return state.shown;
    case 'live':
      return state.document;
    case 'cached':
      return state.copy;
    case 'unavailable':
      return undefined;
  }
}

/** Doubling from the first wait to the longest, spread by a fifth either way, never above the longest. Milliseconds. */
export function retryDelay(attempt: number, chance: number, settings: Pick<FeedSettings, 'retryFirstMs' | 'retryMaxMs'>): number {
  const doubled = settings.retryFirstMs * 2 ** attempt;
  return Math.round(Math.min(settings.retryMaxMs, Math.min(doubled, settings.retryMaxMs) * (0.8 + 0.4 * chance)));
}

/** A copy that comes late changes nothing that is live; one that comes after a failure is shown with the cause. */
function becomeShown(state: FeedState, copy: FeedDocument): FeedStep {
  switch (state.is) {
    case 'loading':
      return { state: { is: 'cached', copy: state.shown ?? copy, cause: undefined, attempt: state.attempt }, effects: [] };
    case 'unavailable':
      return { state: { is: 'cached', copy, cause: state.cause, attempt: state.attempt }, effects: [] };
    case 'live':
    case 'cached':
      return same(state);
  }
}

function becomeLive(document: FeedDocument | undefined, effects: readonly FeedEffect[]): FeedStep {
  return { state: { is: 'live', document }, effects: [...effects, { do: 'stopFetch' }, { do: 'rest' }] };
}

interface When {
  readonly at: number;
  readonly chance: number;
}

function becomeFailed(state: FeedState, cause: Cause, { at, chance }: When, settings: FeedSettings): FeedStep {
  if (state.is === 'unavailable') return same(state);
  // A failure that is told twice (an answer after its own deadline) keeps the fresher cause and the timer that runs.
  if (state.is === 'cached' && state.cause !== undefined) return { state: { ...state, cause }, effects: [] };
  const attempt = attemptOf(state);
  const shown = shownOf(state);
  const effects: FeedEffect[] = [{ do: 'wait', until: at + retryDelay(attempt, chance, settings) }];
  return shown === undefined
    ? { state: { is: 'unavailable', cause, attempt: attempt + 1 }, effects }
    : { state: { is: 'cached', copy: shown, cause, attempt: attempt + 1 }, effects };
}

function becomeLoading(state: FeedState, attempt: number, settings: FeedSettings): FeedStep {
  if (state.is !== 'cached' && state.is !== 'unavailable') return same(state);
  return { state: { is: 'loading', shown: shownOf(state), attempt }, effects: [{ do: 'rest' }, ask(settings)] };
}

function attemptOf(state: FeedState): number {
  return state.is === 'live' ? 0 : state.attempt;
}

function ask(settings: FeedSettings): FeedEffect {
  return { do: 'fetch', deadlineMs: settings.deadlineMs };
}
