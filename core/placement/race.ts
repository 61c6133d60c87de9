/**
 * The race of candidate paths. Candidates start one after the other, each a little after the one before; whoever says hello
 * first wins, the others are called off, and only the winner is shown the lease or ticket.
 *
 *   waiting --its turn, or the one before failed--> trying --hello, first--> presented --granted--> (end: won)
 *      ^                                             |  |                       |
 *      |        another said hello first             |  | failed, too late      | refused, retryable     -> refused, and the race goes on
 *      +---------------------------------------------+  +--> failed <-----------+ fell silent (lease only)
 *                                                                               | refused for good       -> (end: refused)
 *
 * Pure: times are monotonic milliseconds that come with the events; effects are carried out by `runtime/channel/race.ts`.
 */
import type { ErrorCode } from '#protocol/errors';

export interface RaceSettings {
  /** between the starts of two candidates */
  readonly staggerMs: number;
  /** from start to hello, and again from present to answer */
  readonly candidateMs: number;
  readonly overallMs: number;
  /** retryable refusals after which the race goes on; one more is 3025 */
  readonly maxRetries: number;
}
export const RACE_SETTINGS: RaceSettings = { staggerMs: 200, candidateMs: 5_000, overallMs: 20_000, maxRetries: 3 };

/** A ticket is shown once, whatever comes of it; a lease may be shown again elsewhere when its winner falls silent. */
export type Credential = 'lease' | 'ticket';

type Lane =
  | { readonly is: 'waiting' | 'called-off' | 'failed' | 'untrusted' | 'refused' }
  | { readonly is: 'trying' | 'presented'; readonly until: number };

export type RaceOutcome =
  | { readonly as: 'won'; readonly by: number }
  | { readonly as: 'refused'; readonly by: number; readonly code: ErrorCode; readonly retryable: boolean }
  /** nobody said hello, or the winner fell silent, or time was up; 3009: somebody answered, and nobody who did could be trusted */
  | { readonly as: 'unanswered'; readonly code: 3023 | 3009 }
  /** refused again and again */
  | { readonly as: 'exhausted'; readonly code: 3025 };

export interface RaceState {
  readonly credential: Credential;
  readonly lanes: readonly Lane[];
  readonly endsAt: number;
  /** when the next candidate has its turn */
  readonly nextAt: number;
  readonly retries: number;
  readonly lastRefusal: Extract<RaceOutcome, { as: 'refused' }> | undefined;
  readonly outcome: RaceOutcome | undefined;
}

export type RaceEvent =
  /** `untrusted`: it answered, but could not prove who it is */
  | { readonly type: 'hello' | 'failed' | 'untrusted' | 'granted'; readonly candidate: number }
  | { readonly type: 'refused'; readonly candidate: number; readonly code: ErrorCode; readonly retryable: boolean }
  | { readonly type: 'tick' };

export type RaceEffect =
  | { readonly do: 'start' | 'cancel' | 'present'; readonly candidate: number }
  /** a `tick` is due then; replaces the one before */
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'end'; readonly outcome: RaceOutcome };

export interface RaceStep {
  readonly state: RaceState;
  readonly effects: readonly RaceEffect[];
}

export function startRace(candidates: number, credential: Credential, at: number, settings: RaceSettings): RaceStep {
  const lanes: Lane[] = Array.from({ length: candidates }, () => ({ is: 'waiting' }));
  const state: RaceState = {
    credential,
    lanes,
    endsAt: at + settings.overallMs,
    nextAt: at,
    retries: 0,
    lastRefusal: undefined,
    outcome: undefined,
  };
  return goOn(state, at, settings);
}

export function nextRace(state: RaceState, event: RaceEvent, at: number, settings: RaceSettings): RaceStep {
  if (state.outcome !== undefined) return { state, effects: [] };
  if (event.type === 'tick') return onTick(state, at, settings);
  const lane = state.lanes[event.candidate];
  switch (event.type) {
    case 'hello':
      return lane?.is === 'trying' ? becomePresented(state, event.candidate, at, settings) : same(state);
    case 'granted':
      return lane?.is === 'presented' ? becomeEnded(state, { as: 'won', by: event.candidate }) : same(state);
    case 'refused':
      return lane?.is === 'presented' ? onRefused(state, event, at, settings) : same(state);
    case 'failed':
    case 'untrusted':
      return lane?.is === 'trying' || lane?.is === 'presented'
        ? becomeFailed(state, event.candidate, event.type, at, settings)
        : same(state);
  }
}

function onTick(state: RaceState, at: number, settings: RaceSettings): RaceStep {
  if (at >= state.endsAt) return becomeEnded(state, unanswered(state));
  const late = state.lanes.findIndex((lane) => 'until' in lane && lane.until <= at);
  if (late < 0) return goOn(state, at, settings);
  const step = becomeFailed(state, late, 'failed', at, settings);
  return { state: step.state, effects: [{ do: 'cancel', candidate: late }, ...step.effects] };
}

function onRefused(state: RaceState, refusal: Extract<RaceEvent, { type: 'refused' }>, at: number, settings: RaceSettings): RaceStep {
  const outcome: RaceOutcome = { as: 'refused', by: refusal.candidate, code: refusal.code, retryable: refusal.retryable };
  const lanes = withLane(state.lanes, refusal.candidate, { is: 'refused' });
  const after: RaceState = { ...state, lanes, retries: state.retries + 1, lastRefusal: outcome, nextAt: at };
  if (!refusal.retryable || state.credential === 'ticket') return becomeEnded(after, outcome);
  if (!lanes.some(hasTurn)) return becomeEnded(after, outcome);
  return after.retries > settings.maxRetries ? becomeEnded(after, { as: 'exhausted', code: 3025 }) : goOn(after, at, settings);
}

/** The others are called off but not out: should the winner refuse, they have their turn again. */
function becomePresented(state: RaceState, winner: number, at: number, settings: RaceSettings): RaceStep {
  const called = state.lanes.flatMap((lane, candidate): RaceEffect[] =>
    lane.is === 'trying' && candidate !== winner ? [{ do: 'cancel', candidate }] : [],
  );
  const lanes = state.lanes.map((lane, candidate): Lane => {
    if (candidate === winner) return { is: 'presented', until: at + settings.candidateMs };
    return lane.is === 'trying' ? { is: 'called-off' } : lane;
  });
  const after = { ...state, lanes };
  return { state: after, effects: [...called, { do: 'present', candidate: winner }, wait(after)] };
}

function becomeFailed(state: RaceState, candidate: number, is: 'failed' | 'untrusted', at: number, settings: RaceSettings): RaceStep {
  const wasPresented = state.lanes[candidate]?.is === 'presented';
  const after = { ...state, lanes: withLane(state.lanes, candidate, { is }), nextAt: at };
  return wasPresented && state.credential === 'ticket' ? becomeEnded(after, unanswered(after)) : goOn(after, at, settings);
}

function unanswered({ lanes }: RaceState): RaceOutcome {
  return { as: 'unanswered', code: lanes.some(({ is }) => is === 'untrusted') ? 3009 : 3023 };
}

/** Starts whoever has its turn, unless somebody was presented to; ends the race when nobody is left. */
function goOn(state: RaceState, at: number, settings: RaceSettings): RaceStep {
  if (state.lanes.some(({ is }) => is === 'presented')) return { state, effects: [wait(state)] };
  // Who was called off was silent for a while already: it comes after those that were never tried.
  const untried = state.lanes.findIndex(({ is }) => is === 'waiting');
  const next = untried >= 0 ? untried : state.lanes.findIndex(hasTurn);
  if (next >= 0 && at >= state.nextAt) {
    const lanes = withLane(state.lanes, next, { is: 'trying', until: at + settings.candidateMs });
    const after = { ...state, lanes, nextAt: at + settings.staggerMs };
    return { state: after, effects: [{ do: 'start', candidate: next }, wait(after)] };
  }
  if (state.lanes.some((lane) => lane.is === 'trying' || hasTurn(lane))) return { state, effects: [wait(state)] };
  return becomeEnded(state, state.lastRefusal ?? unanswered(state));
}

function becomeEnded(state: RaceState, outcome: RaceOutcome): RaceStep {
  const running = state.lanes.flatMap((lane, candidate): RaceEffect[] => {
    const winner = outcome.as === 'won' && outcome.by === candidate;
    return (lane.is === 'trying' || lane.is === 'presented') && !winner ? [{ do: 'cancel', candidate }] : [];
  });
  return { state: { ...state, outcome }, effects: [...running, { do: 'end', outcome }] };
}

function wait(state: RaceState): RaceEffect {
  const presented = state.lanes.some(({ is }) => is === 'presented');
  const turns = !presented && state.lanes.some(hasTurn) ? [state.nextAt] : [];
  const deadlines = state.lanes.flatMap((lane) => ('until' in lane ? [lane.until] : []));
  return { do: 'wait', until: Math.min(state.endsAt, ...turns, ...deadlines) };
}

function hasTurn({ is }: Lane): boolean {
  return is === 'waiting' || is === 'called-off';
}

function withLane(lanes: readonly Lane[], candidate: number, lane: Lane): readonly Lane[] {
  return lanes.map((held, index) => (index === candidate ? lane : held));
}

function same(state: RaceState): RaceStep {
  return { state, effects: [] };
}
