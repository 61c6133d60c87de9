/**
 * Login watch of one tab: decides when the window "work offline or try again?" opens (B-E2, B-E3, B-E6).
 *
 *            Workspace navigated to, timeout on                    deadline · outage seen · navigated to again
 *    idle ─────────────────────────────────────► watching ────────────────────────────────────► prompting
 *     ▲  Workspace navigated to, timeout off         ▲  │ ▲                                        │ │ │
 *     │ ─────────────────────────────────────────────┼──┼─┼──────────────────────────────────────► │ │ │
 *     │                                              │  │ └── redirects, pages of the sign-in      │ │ │
 *     │                                              └──┼──────────────── try again ───────────────┘ │ │
 *     ├── signed in · portal offline by itself · left ──┘                                            │ │
 *     └── work offline · signed in · portal offline by itself · left ────────────────────────────────┘ │
 *                                                              evidence of an outage, ticks: stays ────┘
 *
 * Times are milliseconds of one clock, given with the event. What a state needs to survive is in the state.
 */

import type { Cause } from '#protocol/causes';

/**
 * `tab`: a main-frame navigation of this tab failed. `silent`: the Workspace's health document could not be had.
 * `identity`: that document says that the identity provider is down.
 */
export interface Evidence {
  readonly kind: 'tab' | 'silent' | 'identity';
  /** host that failed */
  readonly host: string;
  readonly cause: Cause;
  /** HTTP status with cause `server-error` */
  readonly status?: number;
  readonly at: number;
}

/** Why the window is open. */
export type Reason =
  | { readonly why: 'timeout'; readonly host: string; readonly seconds: number }
  | { readonly why: 'outage'; readonly evidence: Evidence }
  | { readonly why: 'setting' }
  | { readonly why: 'again'; readonly host: string }
  | { readonly why: 'asked' };

/**
 * How far the tab is. `portal` and `portal-sign-in`: our page runs in it and judges the Workspace's silence itself,
 * so that no window covers a portal about to go offline. `elsewhere`: on a sign-in page.
 */
export type Place = 'opening' | 'portal' | 'portal-sign-in' | 'elsewhere';

/** Number of a navigation in this tab, or `own` until one that we started has been seen. */
export type Navigation = number | 'own';

export interface Watching {
  readonly phase: 'watching';
  readonly workspace: string;
  readonly navigation: Navigation;
  /** host that the tab waits for, for people */
  readonly host: string;
  readonly place: Place;
  readonly seconds: number;
  /** null: the timeout is off and this is a second try */
  readonly deadline: number | null;
  /** the identity provider is said to be down, but nobody has been asked to sign in yet */
  readonly doubt: Evidence | null;
}
export interface Prompting {
  readonly phase: 'prompting';
  readonly workspace: string;
  readonly navigation: Navigation;
  readonly reason: Reason;
}
export type WatchState = { readonly phase: 'idle' } | Watching | Prompting;

export type PortalReport = 'loaded' | 'signing-in' | 'online' | 'degraded' | 'offline' | 'reconnecting';

export type WatchEvent =
  /** main-frame navigation to a Workspace URL; `by` a person (typed, bookmark, reload), a page, or not known yet */
  | {
      readonly type: 'workspace';
      readonly now: number;
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
  | { readonly type: 'tick'; readonly now: number }
  /** the person's choice in the window */
  | { readonly type: 'choice'; readonly choice: 'offline' | 'again'; readonly now: number }
  /** "Go to <name>" in the popup made this tab */
  | { readonly type: 'asked'; readonly workspace: string };

export type WatchEffect =
  /** a tick is wanted at this time, also if everything is stopped meanwhile; null: none any more */
  | { readonly do: 'alarm'; readonly at: number | null }
  /** look at the Workspace's health document */
  | { readonly do: 'probe'; readonly workspace: string }
  /** open this tab's window, or bring it to the front */
  | { readonly do: 'show' }
  | { readonly do: 'close' }
  /** take the tab to the Workspace: to its start, or to its offline mode */
  | { readonly do: 'go'; readonly workspace: string; readonly to: 'start' | 'offline' };

/** `seconds` as set: 15, 30, 45 or 60. */
export interface WatchSettings {
  readonly on: boolean;
  readonly seconds: number;
}

export interface WatchStep {
  readonly state: WatchState;
  readonly effects: readonly WatchEffect[];
}

const IDLE: WatchState = { phase: 'idle' };

function stay(state: WatchState): WatchStep {
  return { state, effects: [] };
}

function becomeIdle(from: WatchState, ...more: WatchEffect[]): WatchStep {
  const effects: WatchEffect[] = [];
  if (from.phase === 'watching') effects.push({ do: 'alarm', at: null });
  if (from.phase === 'prompting') effects.push({ do: 'close' });
  return { state: IDLE, effects: [...effects, ...more] };
}

function becomeWatching(
  begin: { workspace: string; host: string; navigation: Navigation; now: number },
  settings: WatchSettings,
  ...first: WatchEffect[]
): WatchStep {
  const deadline = settings.on ? begin.now + settings.seconds * 1000 : null;
  return {
    state: {
      phase: 'watching',
      workspace: begin.workspace,
      navigation: begin.navigation,
      host: begin.host,
      place: 'opening',
      seconds: settings.seconds,
      deadline,
      doubt: null,
    },
    effects: [...first, { do: 'alarm', at: deadline }, { do: 'probe', workspace: begin.workspace }],
  };
}

function becomePrompting(from: WatchState, workspace: string, navigation: Navigation, reason: Reason): WatchStep {
  const disarm: WatchEffect[] = from.phase === 'watching' ? [{ do: 'alarm', at: null }] : [];
  return { state: { phase: 'prompting', workspace, navigation, reason }, effects: [...disarm, { do: 'show' }] };
}

/** Takes the tab's place, and asks at once when sign-in has begun at a provider that is said to be down. */
function becomePlaced(state: Watching, place: Place, host: string): WatchStep {
  const signingIn = place === 'elsewhere' || place === 'portal-sign-in';
  if (signingIn && state.doubt !== null) {
    return becomePrompting(state, state.workspace, state.navigation, { why: 'outage', evidence: state.doubt });
  }
  return stay({ ...state, place, host });
}

/** A page of the sign-in sends the tab (back) to the Workspace: its silence counts again. */
function becomeOpening(state: Watching, event: Extract<WatchEvent, { type: 'workspace' }>): WatchStep {
  const moved = event.by === 'page' && (state.place === 'elsewhere' || state.navigation !== event.navigation);
  if (!moved) return stay(state);
  const probe: WatchEffect = { do: 'probe', workspace: state.workspace };
  return { state: { ...state, navigation: event.navigation, place: 'opening', host: event.host }, effects: [probe] };
}

function whenIdle(state: WatchState, event: WatchEvent, settings: WatchSettings): WatchStep {
  switch (event.type) {
    case 'workspace':
      return settings.on ? becomeWatching(event, settings) : becomePrompting(state, event.workspace, event.navigation, { why: 'setting' });
    case 'asked':
      return becomePrompting(state, event.workspace, 'own', { why: 'asked' });
    default:
      return stay(state);
  }
}

function seenAgain(state: Watching | Prompting, event: Extract<WatchEvent, { type: 'workspace' }>): boolean {
  return event.by === 'person' && state.navigation !== 'own' && state.navigation !== event.navigation;
}

function whenWatching(state: Watching, event: WatchEvent): WatchStep {
  switch (event.type) {
    case 'workspace': {
      if (seenAgain(state, event)) return becomePrompting(state, event.workspace, event.navigation, { why: 'again', host: state.host });
      if (state.navigation === 'own') return stay({ ...state, navigation: event.navigation });
      return becomeOpening(state, event);
    }
    case 'hop':
      return becomePlaced(state, 'elsewhere', event.host);
    case 'left':
      return becomeIdle(state);
    case 'portal':
      if (event.report === 'loaded') return stay({ ...state, place: 'portal' });
      if (event.report === 'signing-in') return becomePlaced(state, 'portal-sign-in', state.host);
      return event.report === 'reconnecting' ? stay(state) : becomeIdle(state);
    case 'evidence':
      return weigh(state, event.evidence);
    case 'tick':
      if (state.deadline === null || event.now < state.deadline) return stay(state);
      return becomePrompting(state, state.workspace, state.navigation, { why: 'timeout', host: state.host, seconds: state.seconds });
    case 'asked':
      return becomePrompting(state, event.workspace, state.navigation, { why: 'asked' });
    case 'choice':
      return stay(state);
  }
}

/** Does this evidence bring the window now, later, or is it the portal's own business? */
function weigh(state: Watching, evidence: Evidence): WatchStep {
  const ask = (): WatchStep => becomePrompting(state, state.workspace, state.navigation, { why: 'outage', evidence });
  switch (evidence.kind) {
    case 'tab':
      return ask();
    case 'silent':
      return state.place === 'portal' || state.place === 'portal-sign-in' ? stay(state) : ask();
    case 'identity':
      return state.place === 'elsewhere' || state.place === 'portal-sign-in' ? ask() : stay({ ...state, doubt: evidence });
  }
}

function whenPrompting(state: Prompting, event: WatchEvent, settings: WatchSettings): WatchStep {
  switch (event.type) {
    case 'workspace':
      if (seenAgain(state, event)) return becomePrompting(state, event.workspace, event.navigation, again(state.reason));
      return stay(state.navigation === 'own' ? { ...state, navigation: event.navigation } : state);
    case 'left':
      return becomeIdle(state);
    case 'portal':
      return event.report === 'online' || event.report === 'degraded' || event.report === 'offline' ? becomeIdle(state) : stay(state);
    case 'choice':
      if (event.choice === 'offline') return becomeIdle(state, { do: 'go', workspace: state.workspace, to: 'offline' });
      return becomeWatching(
        { workspace: state.workspace, host: hostOf(state.workspace), navigation: 'own', now: event.now },
        settings,
        { do: 'close' },
        { do: 'go', workspace: state.workspace, to: 'start' },
      );
    case 'asked':
      return becomePrompting(state, event.workspace, state.navigation, { why: 'asked' });
    default:
      return stay(state);
  }
}

/** What was seen stays the better explanation than that the address was typed again. */
function again(reason: Reason): Reason {
  return reason.why === 'asked' ? { why: 'setting' } : reason;
}

/** `https://host:port` without the scheme: how people name a place. */
export function hostOf(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//u, '');
}

/** One step of one tab's watch. */
export function next(state: WatchState, event: WatchEvent, settings: WatchSettings): WatchStep {
  switch (state.phase) {
    case 'idle':
      return whenIdle(state, event, settings);
    case 'watching':
      return whenWatching(state, event);
    case 'prompting':
      return whenPrompting(state, event, settings);
  }
}

/** A tab that nothing is known of. */
export const START: WatchState = IDLE;
