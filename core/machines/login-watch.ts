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
 * Times are milliseconds since 1970. The state is all that a restarted worker has, so its schema stands here. More in docs/state-machines.md.
 */
import * as v from 'valibot';
import { Cause } from '#protocol/causes';
import { type Happening, type Step, same, type TimerEffect } from './step.ts';

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
  v.object({ why: v.literal('again'), host: v.string() }),
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

const Watching = v.object({
  is: v.literal('watching'),
  workspace: v.string(),
  navigation: Navigation,
  /** host that the tab waits for, for people */
  host: v.string(),
  place: Place,
  seconds: v.number(),
  /** null: the timeout is off and this is a second try */
  deadline: v.nullable(v.number()),
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
    /** the person's choice in the window */
    | { readonly type: 'choice'; readonly choice: 'offline' | 'again' }
    /** the window is there */
    | { readonly type: 'shown' }
    /** "Go to <name>" in the popup made this tab */
    | { readonly type: 'asked'; readonly workspace: string }
  );

export type WatchEffect =
  | TimerEffect
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

type WatchStep = Step<WatchState, WatchEffect>;

const IDLE: WatchState = { is: 'idle' };

function becomeIdle(from: WatchState, ...more: WatchEffect[]): WatchStep {
  const effects: WatchEffect[] = [];
  if (from.is === 'watching') effects.push({ do: 'rest' });
  if (from.is === 'prompting') effects.push({ do: 'close' });
  return { state: IDLE, effects: [...effects, ...more] };
}

function becomeWatching(
  begin: { workspace: string; host: string; navigation: Navigation; at: number },
  settings: WatchSettings,
  ...first: WatchEffect[]
): WatchStep {
  const deadline = settings.on ? begin.at + settings.seconds * 1000 : null;
  return {
    state: {
      is: 'watching',
      workspace: begin.workspace,
      navigation: begin.navigation,
      host: begin.host,
      place: 'opening',
      seconds: settings.seconds,
      deadline,
      doubt: null,
    },
    effects: [...first, deadline === null ? { do: 'rest' } : { do: 'wait', until: deadline }, { do: 'probe', workspace: begin.workspace }],
  };
}

function becomePrompting(from: WatchState, workspace: string, navigation: Navigation, reason: Reason): WatchStep {
  const disarm: WatchEffect[] = from.is === 'watching' ? [{ do: 'rest' }] : [];
  return { state: { is: 'prompting', workspace, navigation, reason, shown: false }, effects: [...disarm, { do: 'show' }] };
}

/** Takes the tab's place, and asks at once when sign-in has begun at a provider that is said to be down. */
function becomePlaced(state: Watching, place: Place, host: string): WatchStep {
  const signingIn = place === 'elsewhere' || place === 'portal-sign-in';
  if (signingIn && state.doubt !== null) {
    return becomePrompting(state, state.workspace, state.navigation, { why: 'outage', evidence: state.doubt });
  }
  return { state: { ...state, place, host }, effects: [] };
}

/** A navigation that we started has been seen: it has its number. */
function becomeNumbered(state: Watching | Prompting, navigation: number): WatchStep {
  return { state: { ...state, navigation }, effects: [] };
}

function becomeShown(state: Prompting): WatchStep {
  return state.shown ? same(state) : { state: { ...state, shown: true }, effects: [] };
}

function becomeDoubtful(state: Watching, doubt: Evidence): WatchStep {
  return { state: { ...state, doubt }, effects: [] };
}

/** A page of the sign-in sends the tab (back) to the Workspace: its silence counts again. */
function becomeOpening(state: Watching, event: Extract<WatchEvent, { type: 'workspace' }>): WatchStep {
  const moved = event.by === 'page' && (state.place === 'elsewhere' || state.navigation !== event.navigation);
  if (!moved) return same(state);
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
      return same(state);
  }
}

function seenAgain(state: Watching | Prompting, event: Extract<WatchEvent, { type: 'workspace' }>): boolean {
  return event.by === 'person' && state.navigation !== 'own' && state.navigation !== event.navigation;
}

function whenWatching(state: Watching, event: WatchEvent): WatchStep {
  switch (event.type) {
    case 'workspace': {
      if (seenAgain(state, event)) return becomePrompting(state, event.workspace, event.navigation, { why: 'again', host: state.host });
      if (state.navigation === 'own') return becomeNumbered(state, event.navigation);
      return becomeOpening(state, event);
    }
    case 'hop':
      return becomePlaced(state, 'elsewhere', event.host);
    case 'left':
      return becomeIdle(state);
    case 'portal':
      if (event.report === 'loaded') return becomePlaced(state, 'portal', state.host);
      if (event.report === 'signing-in') return becomePlaced(state, 'portal-sign-in', state.host);
      return event.report === 'reconnecting' ? same(state) : becomeIdle(state);
    case 'evidence':
      return weigh(state, event.evidence);
    case 'due':
      if (state.deadline === null || event.at < state.deadline) return same(state);
      return becomePrompting(state, state.workspace, state.navigation, { why: 'timeout', host: state.host, seconds: state.seconds });
    case 'asked':
      return becomePrompting(state, event.workspace, state.navigation, { why: 'asked' });
    case 'choice':
    case 'shown':
      return same(state);
  }
}

/** Does this evidence bring the window now, later, or is it the portal's own business? */
function weigh(state: Watching, evidence: Evidence): WatchStep {
  const ask = (): WatchStep => becomePrompting(state, state.workspace, state.navigation, { why: 'outage', evidence });
  switch (evidence.kind) {
    case 'tab':
      return ask();
    case 'silent':
      return state.place === 'portal' || state.place === 'portal-sign-in' ? same(state) : ask();
    case 'identity':
      return state.place === 'elsewhere' || state.place === 'portal-sign-in' ? ask() : becomeDoubtful(state, evidence);
  }
}

function whenPrompting(state: Prompting, event: WatchEvent, settings: WatchSettings): WatchStep {
  switch (event.type) {
    case 'workspace':
      if (seenAgain(state, event)) return becomePrompting(state, event.workspace, event.navigation, again(state.reason));
      return state.navigation === 'own' ? becomeNumbered(state, event.navigation) : same(state);
    case 'left':
      return becomeIdle(state);
    case 'portal':
      return event.report === 'online' || event.report === 'degraded' || event.report === 'offline' ? becomeIdle(state) : same(state);
    case 'choice':
      if (event.choice === 'offline') return becomeIdle(state, { do: 'go', workspace: state.workspace, to: 'offline' });
      return becomeWatching(
        { workspace: state.workspace, host: hostOf(state.workspace), navigation: 'own', at: event.at },
        settings,
        { do: 'close' },
        { do: 'go', workspace: state.workspace, to: 'start' },
      );
    case 'asked':
      return becomePrompting(state, event.workspace, state.navigation, { why: 'asked' });
    case 'shown':
      return becomeShown(state);
    default:
      return same(state);
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
export function nextWatch(state: WatchState, event: WatchEvent, settings: WatchSettings): WatchStep {
  switch (state.is) {
    case 'idle':
      return whenIdle(state, event, settings);
    case 'watching':
      return whenWatching(state, event);
    case 'prompting':
      return whenPrompting(state, event, settings);
  }
}

/** A tab that nothing is known of. */
export function startWatch(): WatchStep {
  return same(IDLE);
}

/** A watch whose worker was stopped: its deadline runs on, and a window that never opened opens. */
export function resumeWatch(state: WatchState): WatchStep {
  if (state.is === 'watching' && state.deadline !== null) return { state, effects: [{ do: 'wait', until: state.deadline }] };
  return state.is === 'prompting' && !state.shown ? { state, effects: [{ do: 'show' }] } : same(state);
}
