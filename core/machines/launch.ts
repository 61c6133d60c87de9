/**
 * One launch, from the click to the end of its session. Driven by the native host; no clock, no network: events carry the time.
 *
 *               ticket                     no ticket, or it failed (B-N5)
 *   start ------------------> redeeming <-----------------------------------+
 *     |                        |  |  ^  \                                   |
 *     | no ticket      granted |  |  |   \ ticket failed                    |
 *     v         found          v  |  |    v        found          good      | chosen
 *   finding --------------+ opening  |   finding --------> checking -----> choosing
 *                         |    |     |
 *                         +--> | first bytes     not met: once more
 *                              v
 *                           running <------> resuming      anything: cancelled, failed, over ----> ended
 *                                     lost / resumed
 *
 * A ticket is shown once: whatever comes of it but a grant leads to the lease, silently. Exactly one outcome is reported a
 * launch, on entering `running` or, before that, `ended`. Times are monotonic milliseconds.
 */
import type { LaunchCode } from '#protocol/errors';
import type {
  Carried,
  LaunchEffect,
  LaunchEvent,
  LaunchMode,
  LaunchOutcome,
  LaunchSettings,
  LaunchState,
  LaunchStep,
  Opening,
  Redeeming,
} from './launch-states.ts';

/** `ticket`: `empty` is a launch file that names no ticket or no way to redeem it (3005). */
export function startLaunch(ticket: 'none' | 'there' | 'empty', at: number, settings: LaunchSettings): LaunchStep {
  if (ticket === 'there') return becomeRedeeming('ticket', undefined, false, at, settings);
  return becomeFinding(ticket === 'empty' ? 3005 : undefined, at, settings);
}

export function nextLaunch(state: LaunchState, event: LaunchEvent, at: number, settings: LaunchSettings): LaunchStep {
  if (state.is === 'ended') return same(state);
  if (event.type === 'cancel') return wasOpened(state) ? becomeOver(3024) : becomeFailed(3024);
  if (event.type === 'viewerMissing' && !wasOpened(state)) return becomeFailed(3026);
  switch (state.is) {
    case 'finding':
      return fromFinding(state, event, at, settings);
    case 'checking':
      return fromChecking(state, event, at);
    case 'choosing':
      return fromChoosing(state, event, at, settings);
    case 'redeeming':
      return fromRedeeming(state, event, at, settings);
    case 'opening':
      return fromOpening(state, event, at, settings);
    case 'running':
      return fromRunning(state, event, at, settings);
    case 'resuming':
      return fromResuming(state, event, at);
  }
}

function fromFinding(
  state: LaunchState & { is: 'finding' | 'checking' },
  event: LaunchEvent,
  at: number,
  settings: LaunchSettings,
): LaunchStep {
  switch (event.type) {
    case 'found':
      return becomeChecking(state.behind, at, settings);
    case 'missing':
      return becomeFailed(nothingElse(state, event.code));
    case 'deadline':
      return at < state.until ? same(state) : becomeFailed(nothingElse(state, 3002));
    default:
      return same(state);
  }
}

function fromChecking(state: LaunchState & { is: 'finding' | 'checking' }, event: LaunchEvent, at: number): LaunchStep {
  switch (event.type) {
    case 'good':
      return { state: { is: 'choosing', behind: state.behind }, effects: [{ do: 'rest' }, say('choosing', 'lease'), { do: 'choose' }] };
    case 'bad':
      return becomeFailed(nothingElse(state, event.code));
    case 'deadline':
      return at < state.until ? same(state) : becomeFailed(3008);
    default:
      return same(state);
  }
}

function fromChoosing(state: LaunchState & { is: 'choosing' }, event: LaunchEvent, at: number, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'chosen':
      return becomeRedeeming('lease', state.behind, false, at, settings);
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

function fromRedeeming(state: Redeeming, event: LaunchEvent, at: number, settings: LaunchSettings): LaunchStep {
  if (event.type === 'deadline') return onRedeemDeadline(state, at, settings);
  // Between two rounds nothing runs whose word could count.
  if (state.backoff !== undefined) return same(state);
  switch (event.type) {
    case 'granted':
      return becomeOpening(state, at, settings);
    case 'refused':
      return onRefused(state, event, at, settings);
    case 'unanswered':
      return becomeUnredeemed(state, 3023, at, settings);
    default:
      return same(state);
  }
}

function onRefused(state: Redeeming, event: LaunchEvent & { type: 'refused' }, at: number, settings: LaunchSettings): LaunchStep {
  if (state.mode === 'ticket' || FINAL.includes(event.code)) return becomeUnredeemed(state, event.code, at, settings);
  if (event.others) return { state, effects: [{ do: 'redeem', mode: state.mode, afresh: false }] };
  if (!event.retryable) return becomeUnredeemed(state, event.code, at, settings);
  const pause = settings.backoffMs[state.retries];
  if (pause === undefined) return becomeUnredeemed(state, event.code === NOWHERE ? NOWHERE : 3025, at, settings);
  const backoff = Math.min(at + pause, state.until);
  return { state: { ...state, retries: state.retries + 1, backoff }, effects: [{ do: 'wait', until: backoff }] };
}

function onRedeemDeadline(state: Redeeming, at: number, settings: LaunchSettings): LaunchStep {
  if (at >= state.until) return becomeUnredeemed(state, 3023, at, settings);
  if (state.backoff === undefined || at < state.backoff) return same(state);
  return {
    state: { ...state, backoff: undefined },
    effects: [
      { do: 'wait', until: state.until },
      { do: 'redeem', mode: state.mode, afresh: true },
    ],
  };
}

function fromOpening(state: Opening, event: LaunchEvent, at: number, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'firstBytes':
      return {
        state: { is: 'running', mode: state.mode },
        effects: [{ do: 'rest' }, say('running', state.mode), { do: 'report', outcome: { as: 'opened', cause: undefined } }],
      };
    case 'viewerFailed': {
      if (state.reopened) return becomeFailed(3026);
      const until = at + settings.openMs;
      return { state: { ...state, reopened: true, until }, effects: [{ do: 'wait', until }, { do: 'reopen' }] };
    }
    case 'unmet':
      return onUnmet(state, event.code, at, settings);
    case 'over':
      return onUnmet(state, event.cause ?? 3026, at, settings);
    case 'deadline':
      return at < state.until ? same(state) : becomeFailed(3023);
    default:
      return same(state);
  }
}

/** Another grant may lead to another session host, or there by another path. A used ticket gives none: the lease does. */
function onUnmet(state: Opening, code: LaunchCode, at: number, settings: LaunchSettings): LaunchStep {
  if (state.mode === 'ticket') return withStop(becomeFinding(code, at, settings));
  return state.reopened ? becomeFailed(code) : withStop(becomeRedeeming('lease', state.behind, true, at, settings));
}

function fromRunning(state: LaunchState & { is: 'running' }, event: LaunchEvent, at: number, settings: LaunchSettings): LaunchStep {
  switch (event.type) {
    case 'lost': {
      const until = at + settings.graceMs;
      return { state: { is: 'resuming', mode: state.mode, until }, effects: [{ do: 'wait', until }] };
    }
    case 'over':
      return becomeOver(event.cause);
    default:
      return same(state);
  }
}

function fromResuming(state: LaunchState & { is: 'resuming' }, event: LaunchEvent, at: number): LaunchStep {
  switch (event.type) {
    case 'resumed':
      return { state: { is: 'running', mode: state.mode }, effects: [{ do: 'rest' }] };
    case 'over':
      return becomeOver(event.cause);
    case 'deadline':
      return at < state.until ? same(state) : becomeOver(3023);
    default:
      return same(state);
  }
}

function becomeFinding(behind: LaunchCode | undefined, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.findMs;
  return { state: { is: 'finding', behind, until }, effects: [say('finding', 'lease'), { do: 'wait', until }, { do: 'find' }] };
}

function becomeChecking(behind: LaunchCode | undefined, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.checkMs;
  return { state: { is: 'checking', behind, until }, effects: [say('checking', 'lease'), { do: 'wait', until }, { do: 'check' }] };
}

function becomeRedeeming(
  mode: LaunchMode,
  behind: LaunchCode | undefined,
  reopened: boolean,
  at: number,
  settings: LaunchSettings,
): LaunchStep {
  const until = at + settings.redeemMs;
  return {
    state: { is: 'redeeming', mode, behind, retries: 0, backoff: undefined, until, reopened },
    effects: [say('redeeming', mode), { do: 'wait', until }, { do: 'redeem', mode, afresh: true }],
  };
}

/** Nothing was granted: for a ticket the lease is next, for a lease this is the end. */
function becomeUnredeemed(state: Redeeming, code: LaunchCode, at: number, settings: LaunchSettings): LaunchStep {
  return state.mode === 'ticket' ? withStop(becomeFinding(code, at, settings)) : becomeFailed(code);
}

function becomeOpening(state: Redeeming, at: number, settings: LaunchSettings): LaunchStep {
  const until = at + settings.openMs;
  return {
    state: { is: 'opening', mode: state.mode, behind: state.behind, until, reopened: state.reopened },
    effects: [say('opening', state.mode), { do: 'wait', until }, { do: 'open' }],
  };
}

function becomeFailed(code: LaunchCode): LaunchStep {
  const outcome: LaunchOutcome = { as: 'failed', code };
  return { state: { is: 'ended', outcome }, effects: [{ do: 'rest' }, { do: 'stop' }, { do: 'report', outcome }] };
}

/** The session had been opened, so its outcome is told already. */
function becomeOver(cause: LaunchCode | undefined): LaunchStep {
  return { state: { is: 'ended', outcome: { as: 'opened', cause } }, effects: [{ do: 'rest' }, { do: 'stop' }] };
}

/** When there is no lease to fall back on, what the ticket failed of says more than the lack of a lease. */
function nothingElse(state: Carried, code: LaunchCode): LaunchCode {
  return code === 3000 || code === 3002 ? (state.behind ?? code) : code;
}

function wasOpened(state: LaunchState): boolean {
  return state.is === 'running' || state.is === 'resuming';
}

function withStop(step: LaunchStep): LaunchStep {
  return { state: step.state, effects: [{ do: 'stop' }, ...step.effects] };
}

function say(phase: LaunchState['is'], mode: LaunchMode): LaunchEffect {
  return { do: 'say', phase, mode };
}

function same(state: LaunchState): LaunchStep {
  return { state, effects: [] };
}
