/**
 * Login watch of one tab: decides when the window "work offline or try again?" opens (B-E2, B-E3, B-E6), and how.
 *
 *            Workspace navigated to, timeout on                    deadline · outage seen · navigated to again
 *    idle ─────────────────────────────────────► watching ────────────────────────────────────► prompting
 *     ▲  Workspace navigated to, timeout off         ▲  │ ▲                                        │ │ │
 *     │ ─────────────────────────────────────────────┼──┼─┼──────────────────────────────────────► │ │ │
 *     │                                              │  │ └── redirects, pages of the sign-in      │ │ │
 *     │                                              └──┼──────── try again · keep signing in ─────┘ │ │
 *     ├── signed in · portal offline by itself · left ──┘                                            │ │
 *     └── work offline · signed in · portal offline by itself · left ────────────────────────────────┘ │
 *                                                                             ticks: stays, or outage ─┘
 *
 * At the deadline with nothing saved, the state stays `watching`, overdue: there is nothing to offer.
 *
 * Times are milliseconds since 1970. States and events: `login-watch-states.ts`. More in docs/state-machines.md.
 */
import {
  type Evidence,
  type How,
  hostOf,
  type Navigation,
  type Place,
  type Prompting,
  type Reason,
  type Saved,
  type WatchEffect,
  type WatchEvent,
  type Watching,
  type WatchSettings,
  type WatchState,
} from './login-watch-states.ts';
import { type Step, same } from './step.ts';

type WatchStep = Step<WatchState, WatchEffect>;
/** A guess: the sign-in takes long, and nothing says that it failed. */
type Guess = Extract<Reason, { readonly why: 'timeout' | 'again' }>;

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
      saved: 'unknown',
      overdue: false,
      doubt: null,
    },
    effects: [...first, deadline === null ? { do: 'rest' } : { do: 'wait', until: deadline }, { do: 'probe', workspace: begin.workspace }],
  };
}

function becomePrompting(from: WatchState, workspace: string, navigation: Navigation, reason: Reason, how = placeFor(reason)): WatchStep {
  const disarm: WatchEffect[] = from.is === 'watching' ? [{ do: 'rest' }] : [];
  return { state: { is: 'prompting', workspace, navigation, reason, shown: false }, effects: [...disarm, { do: 'show', how }] };
}

/** Only the timeout is a guess: somebody may be typing a password at that moment. */
function placeFor(reason: Reason): How {
  return reason.why === 'timeout' ? 'beside' : 'front';
}

/** The deadline has passed with nothing to offer. */
function becomeOverdue(state: Watching): WatchStep {
  return { state: { ...state, deadline: null, overdue: true }, effects: [{ do: 'rest' }] };
}

/** The window goes and is not opened again for this deadline; what else is seen still counts. */
function becomeLeftAlone({ workspace, navigation }: Prompting, { host, seconds }: Guess, saved: Saved): WatchStep {
  const overdue = saved === 'nothing';
  return {
    state: { is: 'watching', workspace, navigation, host, place: 'elsewhere', seconds, deadline: null, saved, overdue, doubt: null },
    effects: [{ do: 'close' }],
  };
}

function becomeInformed(state: Watching, saved: Saved): WatchStep {
  return { state: { ...state, saved }, effects: [] };
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
      if (seenAgain(state, event)) return typedAgain(state, event);
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
      return state.saved === 'nothing' ? becomeOverdue(state) : tooLong(state);
    case 'saved':
      // What was missing at the deadline has come since.
      return state.overdue && event.saved === 'something' ? tooLong(state) : becomeInformed(state, event.saved);
    case 'asked':
      return becomePrompting(state, event.workspace, state.navigation, { why: 'asked' });
    case 'choice':
    case 'shown':
      return same(state);
  }
}

function tooLong(state: Watching): WatchStep {
  const { workspace, navigation, host, seconds } = state;
  return becomePrompting(state, workspace, navigation, { why: 'timeout', host, seconds });
}

function typedAgain(state: Watching, event: Extract<WatchEvent, { type: 'workspace' }>): WatchStep {
  const { workspace, navigation, host } = event;
  if (state.saved === 'nothing') return becomeOverdue({ ...state, navigation, host, place: 'opening' });
  return becomePrompting(state, workspace, navigation, { why: 'again', host: state.host, seconds: state.seconds });
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
      if (seenAgain(state, event)) return becomePrompting(state, event.workspace, event.navigation, again(state.reason), 'front');
      return state.navigation === 'own' ? becomeNumbered(state, event.navigation) : same(state);
    case 'left':
      return becomeIdle(state);
    case 'portal':
      return event.report === 'online' || event.report === 'degraded' || event.report === 'offline' ? becomeIdle(state) : same(state);
    case 'evidence':
      // A window beside the form is no answer to an outage.
      return state.reason.why === 'timeout'
        ? becomePrompting(state, state.workspace, state.navigation, { why: 'outage', evidence: event.evidence })
        : same(state);
    case 'saved':
      return isGuess(state.reason) && event.saved === 'nothing' ? becomeLeftAlone(state, state.reason, event.saved) : same(state);
    case 'choice':
      if (event.choice === 'keep') return state.reason.why === 'timeout' ? becomeLeftAlone(state, state.reason, 'something') : same(state);
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

function isGuess(reason: Reason): reason is Guess {
  return reason.why === 'timeout' || reason.why === 'again';
}

/** What was seen stays the better explanation than that the address was typed again. */
function again(reason: Reason): Reason {
  return reason.why === 'asked' ? { why: 'setting' } : reason;
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
  return state.is === 'prompting' && !state.shown ? { state, effects: [{ do: 'show', how: placeFor(state.reason) }] } : same(state);
}
