/**
 * One launch, from the click to the end of its session. Driven by the native host; times are monotonic. More in docs/state-machines.md.
 *
 *               ticket
 *   start ------------------> redeeming <--------------------------------------+
 *     |                        |     ^  \                                      |
 *     | no ticket      granted |     |   \ ticket refused or unanswered (B-N5) |
 *     v                        v     |    v                 found       good   | chosen
 *   finding                 opening  |   finding ---------> checking -> choosing
 *                              | |   |      ^
 *                              | |   +- by lease: not met, once more
 *                              | +------ by ticket: not met
 *                              | shown
 *                              v
 *                           running <------> resuming      any: cancelled, failed, too late, over ----> ended
 *                                     lost / resumed
 *
 * A ticket is shown once: whatever comes of it but a grant leads to the lease, silently. Exactly one outcome is reported a
 * launch, on entering `running` or, before that, `ended`.
 */

import type { LaunchCode } from '#protocol/errors';
import type { LaunchMode } from '#protocol/primitives';
import type {
  Carried,
  LaunchEffect,
  LaunchEvent,
  LaunchOutcome,
  LaunchSettings,
  LaunchState,
  LaunchStep,
  Opening,
  Redeeming,
  Searching,
} from './launch-states.ts';
import { same } from './step.ts';

/** `ticket`: `empty` is a launch file that names no ticket or no way to redeem it (3005). */
export function startLaunch(ticket: 'none' | 'there' | 'empty', at: number, settings: LaunchSettings): LaunchStep {
  if (ticket === 'there') return becomeRedeeming('ticket', undefined, false, at, settings);
  return becomeFinding(ticket === 'empty' ? 3005 : undefined, at, settings);
}

export function nextLaunch(state: LaunchState, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  if (state.is === 'ended') return same(state);
  if (event.type === 'cancel') return wasOpened(state) ? becomeOver(3024) : becomeFailed(3024);
  if (event.type === 'hopeless' && !wasOpened(state)) return becomeFailed(event.code);
  switch (state.is) {
    case 'finding':
      return fromFinding(state, event, settings);
    case 'checking':
      return fromChecking(state, event);
    case 'choosing':
      return fromChoosing(state, event, settings);
    case 'redeeming':
      return fromRedeeming(state, event, settings);
    case 'opening':
      return fromOpening(state, event, settings);
    case 'running':
      return fromRunning(state, event, settings);
    case 'resuming':
      return fromResuming(state, event);
  }
}

function fromFinding(state: Searching, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'found':
      return becomeChecking(state.behind, event.at, settings);
    case 'missing':
      return becomeFailed(nothingElse(state, event.code));
    case 'due':
      return event.at < state.until ? same(state) : becomeFailed(nothingElse(state, 3002));
    default:
      return same(state);
  }
}

function fromChecking(state: Searching, event: LaunchEvent): LaunchStep {
  switch (event.type) {
    case 'good':
      return becomeChoosing(state.behind);
    case 'bad':
      return becomeFailed(nothingElse(state, event.code));
    case 'due':
      return event.at < state.until ? same(state) : becomeFailed(3008);
    default:
      return same(state);
  }
}

function fromChoosing(state: LaunchState & { is: 'choosing' }, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'chosen':
      return becomeRedeeming('lease', state.behind, false, event.at, settings);
    case 'nowhere':
      return becomeFailed(event.code);
    default:
      return same(state);
  }
}

/** That no location has it is an answer, however often it was asked for; what else is refused again and again is 3025. */
const NOWHERE: LaunchCode = 3021;

/** A verdict on the lease itself: no other location will say otherwise. */
const FINAL: readonly LaunchCode[] = [3006, 3007, 3022];

function fromRedeeming(state: Redeeming, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  if (event.type === 'due') return onRedeemDue(state, event.at, settings);
  // Between two rounds nothing runs whose word could count.
  if (state.backoff !== undefined) return same(state);
  switch (event.type) {
    case 'granted':
      return becomeOpening(state, event.at, settings);
    case 'refused':
      return onRefused(state, event, settings);
    case 'unanswered':
      return becomeUnredeemed(state, 3023, event.at, settings);
    default:
      return same(state);
  }
}

function onRefused(state: Redeeming, event: LaunchEvent & { type: 'refused' }, settings: LaunchSettings): LaunchStep {
  const { at, code } = event;
  if (state.mode === 'ticket' || FINAL.includes(code)) return becomeUnredeemed(state, code, at, settings);
  if (event.others) return { state, effects: [{ do: 'redeem', mode: state.mode, afresh: false }] };
  if (!event.retryable) return becomeUnredeemed(state, code, at, settings);
  const pause = settings.backoffMs[state.retries];
  if (pause === undefined) return becomeUnredeemed(state, code === NOWHERE ? NOWHERE : 3025, at, settings);
  return becomeBackingOff(state, Math.min(at + pause, state.until));
}

function onRedeemDue(state: Redeeming, at: number, settings: LaunchSettings): LaunchStep {
  if (at >= state.until) return becomeUnredeemed(state, 3023, at, settings);
  return state.backoff === undefined || at < state.backoff ? same(state) : becomeRedeemingAgain(state);
}

function fromOpening(state: Opening, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'shown':
      return becomeRunning(state.mode);
    case 'asking':
      return becomeAsking(state, event.at, settings);
    case 'viewerFailed':
      return state.reopened ? becomeFailed(3026) : becomeReopening(state, event.at, settings);
    case 'unmet':
      return becomeUnmet(state, event.code, event.at, settings);
    case 'over':
      return becomeUnmet(state, event.cause ?? 3026, event.at, settings);
    case 'due':
      return event.at < state.until ? same(state) : becomeFailed(3023);
    default:
      return same(state);
  }
}

function fromRunning(state: LaunchState & { is: 'running' }, event: LaunchEvent, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'lost':
      return becomeResuming(state.mode, event.at, settings);
    case 'over':
      return becomeOver(event.cause);
    default:
      return same(state);
  }
}

function fromResuming(state: LaunchState & { is: 'resuming' }, event: LaunchEvent): LaunchStep {
  switch (event.type) {
    case 'resumed':
      return becomeRunningAgain(state.mode);
    case 'over':
      return becomeOver(event.cause);
    case 'due':
      return event.at < state.until ? same(state) : becomeOver(3023);
    default:
      return same(state);
  }
}

function becomeFinding(behind: LaunchCode | undefined, at: number, settings: LaunchSettings, ...first: LaunchEffect[]): LaunchStep {
  const until = at + settings.findMs;
  return { state: { is: 'finding', behind, until }, effects: [...first, say('finding', 'lease'), { do: 'wait', until }, { do: 'find' }] };
}

function becomeChecking(behind: LaunchCode | undefined, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.checkMs;
  return { state: { is: 'checking', behind, until }, effects: [say('checking', 'lease'), { do: 'wait', until }, { do: 'check' }] };
}

function becomeChoosing(behind: LaunchCode | undefined): LaunchStep {
  return { state: { is: 'choosing', behind }, effects: [{ do: 'rest' }, say('choosing', 'lease'), { do: 'choose' }] };
}

function becomeRedeeming(
  mode: LaunchMode,
  behind: LaunchCode | undefined,
  reopened: boolean,
  at: number,
  settings: LaunchSettings,
  ...first: LaunchEffect[]
): LaunchStep {
  const until = at + settings.redeemMs;
  return {
    state: { is: 'redeeming', mode, behind, retries: 0, backoff: undefined, until, reopened },
    effects: [...first, say('redeeming', mode), { do: 'wait', until }, { do: 'redeem', mode, afresh: true }],
  };
}

function becomeBackingOff(state: Redeeming, backoff: number): LaunchStep {
  return { state: { ...state, retries: state.retries + 1, backoff }, effects: [{ do: 'wait', until: backoff }] };
}

function becomeRedeemingAgain(state: Redeeming): LaunchStep {
  const { mode, until } = state;
  return {
    state: { ...state, backoff: undefined },
    effects: [
      { do: 'wait', until },
      { do: 'redeem', mode, afresh: true },
    ],
  };
}

/** Nothing was granted: for a ticket the lease is next, for a lease this is the end. */
function becomeUnredeemed(state: Redeeming, code: LaunchCode, at: number, settings: LaunchSettings): LaunchStep {
  return state.mode === 'ticket' ? becomeFinding(code, at, settings, { do: 'stop' }) : becomeFailed(code);
}

function becomeOpening(state: Redeeming, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.openMs;
  return {
    state: { is: 'opening', mode: state.mode, behind: state.behind, until, reopened: state.reopened },
    effects: [say('opening', state.mode), { do: 'wait', until }, { do: 'open' }],
  };
}

function becomeReopening(state: Opening, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.openMs;
  return { state: { ...state, reopened: true, until }, effects: [{ do: 'wait', until }, { do: 'reopen' }] };
}

/** The person may take their time, but not all day. */
function becomeAsking(state: Opening, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.askMs;
  return { state: { ...state, until }, effects: [{ do: 'wait', until }] };
}

/** Another grant may lead to another session host, or there by another path. A used ticket gives none: the lease does. */
function becomeUnmet(state: Opening, code: LaunchCode, at: number, settings: LaunchSettings): LaunchStep {
  if (state.mode === 'ticket') return becomeFinding(code, at, settings, { do: 'stop' });
  return state.reopened ? becomeFailed(code) : becomeRedeeming('lease', state.behind, true, at, settings, { do: 'stop' });
}

function becomeRunning(mode: LaunchMode): LaunchStep {
  const outcome: LaunchOutcome = { as: 'opened', cause: undefined };
  return { state: { is: 'running', mode }, effects: [{ do: 'rest' }, say('running', mode), { do: 'report', outcome }] };
}

function becomeRunningAgain(mode: LaunchMode): LaunchStep {
  return { state: { is: 'running', mode }, effects: [{ do: 'rest' }] };
}

function becomeResuming(mode: LaunchMode, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.graceMs;
  return { state: { is: 'resuming', mode, until }, effects: [{ do: 'wait', until }] };
}

function becomeFailed(code: LaunchCode): LaunchStep {
  const outcome: LaunchOutcome = { as: 'failed', code };
  return {
    state: { is: 'ended', outcome },
    effects: [{ do: 'rest' }, { do: 'stop' }, { do: 'report', outcome }, { do: 'end', outcome }],
  };
}

/** The session had been opened, so its outcome is told already. */
function becomeOver(cause: LaunchCode | undefined): LaunchStep {
  const outcome: LaunchOutcome = { as: 'opened', cause };
  return { state: { is: 'ended', outcome }, effects: [{ do: 'rest' }, { do: 'stop' }, { do: 'end', outcome }] };
}

/** When there is no lease to fall back on, what the ticket failed of says more than the lack of a lease. */
function nothingElse(state: Carried, code: LaunchCode): LaunchCode {
  return code === 3000 || code === 3002 ? (state.behind ?? code) : code;
}

function wasOpened(state: LaunchState): boolean {
  return state.is === 'running' || state.is === 'resuming';
}

function say(phase: LaunchState['is'], mode: LaunchMode): LaunchEffect {
  return { do: 'say', phase, mode };
}
