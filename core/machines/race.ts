/**
 * The race of candidate paths. They begin in turns: the connectors of a location side by side, gateways one by one. A turn that
 * brings no hello soon is followed by the next; whoever says hello first wins, the others are called off, and only the winner
 * is shown the lease or ticket. Driven by `runtime/channel/race.ts`; times are monotonic. More in docs/state-machines.md.
 *
 *   racing --granted · refused for good · silence after a ticket · nobody left · 20 s over--> ended
 *
 * and each lane of the race:
 *
 *   waiting --its turn, or nobody is left of the one before--> trying --hello, first--> presented --granted--> (end: won)
 *      ^                                                        |  |                       |
 *      |              another said hello first                  |  | failed, too late      | refused, retryable     -> refused, and the race goes on
 *      +--- called-off <----------------------------------------+  +--> failed <-----------+ fell silent (lease only)
 *                                                                  |    untrusted          | refused for good       -> (end: refused)
 */

import type { ErrorCode } from '#protocol/errors';
import type { LaunchMode } from '#protocol/primitives';
import type { Candidate } from '../placement/candidates.ts';
import { type Happening, type Step, same, type TimerEffect } from './step.ts';

/** What the race knows of a candidate. */
export type Way = Pick<Candidate, 'route' | 'location'>;

export interface RaceSettings {
  /** how many ways of one kind into one location begin at once, and ms until the next turn (docs/adr/0005) */
  readonly turns: Readonly<Record<Way['route'], { readonly abreast: number; readonly staggerMs: number }>>;
  /** from start to hello, and again from present to answer */
  readonly candidateMs: number;
  readonly overallMs: number;
}
export const RACE_SETTINGS: RaceSettings = {
  turns: { direct: { abreast: 4, staggerMs: 100 }, gateway: { abreast: 1, staggerMs: 200 } },
  candidateMs: 5_000,
  overallMs: 20_000,
};

/** A ticket is shown once, whatever comes of it; a lease may be shown again elsewhere when its winner falls silent. */
export type Credential = LaunchMode;

type Stand =
  | { readonly is: 'waiting' | 'called-off' | 'failed' | 'untrusted' | 'refused' }
  | { readonly is: 'trying' | 'presented'; readonly until: number };
type Lane = Way & { readonly candidate: number } & Stand;

export type RaceOutcome =
  | { readonly as: 'won'; readonly by: number }
  /** retryable: everybody else was asked, too */
  | { readonly as: 'refused'; readonly by: number; readonly code: ErrorCode; readonly retryable: boolean }
  /** nobody said hello, or the winner fell silent, or time was up; 3009: somebody answered, and nobody who did could be trusted */
  | { readonly as: 'unanswered'; readonly code: 3023 | 3009 };

interface Racing {
  readonly is: 'racing';
  readonly credential: Credential;
  readonly lanes: readonly Lane[];
  readonly endsAt: number;
  /** when the next turn begins */
  readonly nextAt: number;
  readonly lastRefusal: Extract<RaceOutcome, { as: 'refused' }> | undefined;
}
export type RaceState = Racing | { readonly is: 'ended'; readonly outcome: RaceOutcome };

/** `untrusted`: it answered, but could not prove who it is. */
export type RaceEvent = Happening &
  (
    | { readonly type: 'hello' | 'failed' | 'untrusted' | 'granted'; readonly candidate: number }
    | { readonly type: 'refused'; readonly candidate: number; readonly code: ErrorCode; readonly retryable: boolean }
    | { readonly type: 'due' }
  );
type Refused = Extract<RaceEvent, { type: 'refused' }>;

export type RaceEffect =
  | TimerEffect
  | { readonly do: 'start' | 'cancel' | 'present'; readonly candidate: number }
  | { readonly do: 'end'; readonly outcome: RaceOutcome };

export type RaceStep = Step<RaceState, RaceEffect>;

export function startRace(ways: readonly Way[], credential: Credential, at: number, settings: RaceSettings): RaceStep {
  const lanes = ways.map(({ route, location }, candidate): Lane => ({ candidate, route, location, is: 'waiting' }));
  const state: Racing = { is: 'racing', credential, lanes, endsAt: at + settings.overallMs, nextAt: at, lastRefusal: undefined };
  return becomeTrying(state, at, settings);
}

export function nextRace(state: RaceState, event: RaceEvent, settings: RaceSettings): RaceStep {
  if (state.is === 'ended') return same(state);
  if (event.type === 'due') return onDue(state, event.at, settings);
  const lane = state.lanes[event.candidate];
  if (lane === undefined) return same(state);
  switch (event.type) {
    case 'hello':
      return lane.is === 'trying' ? becomePresented(state, lane, event.at, settings) : same(state);
    case 'granted':
      return lane.is === 'presented' ? becomeEnded(state, { as: 'won', by: event.candidate }) : same(state);
    case 'refused':
      return lane.is === 'presented' ? becomeRefused(state, event, settings) : same(state);
    case 'failed':
    case 'untrusted':
      return 'until' in lane ? becomeFailed(state, lane, event.type, event.at, settings) : same(state);
  }
}

function onDue(state: Racing, at: number, settings: RaceSettings): RaceStep {
  if (at >= state.endsAt) return becomeEnded(state, unanswered(state));
  const late = state.lanes.find((lane) => 'until' in lane && lane.until <= at);
  return late === undefined ? becomeTrying(state, at, settings) : becomeLate(state, late, at, settings);
}

function becomeLate(state: Racing, lane: Lane, at: number, settings: RaceSettings): RaceStep {
  const step = becomeFailed(state, lane, 'failed', at, settings);
  return { state: step.state, effects: [cancel(lane), ...step.effects] };
}

function becomeRefused(state: Racing, { at, candidate, code, retryable }: Refused, settings: RaceSettings): RaceStep {
  const outcome: RaceOutcome = { as: 'refused', by: candidate, code, retryable };
  const lanes = withLane(state.lanes, candidate, { is: 'refused' });
  const after: Racing = { ...state, lanes, lastRefusal: outcome, nextAt: at };
  return retryable && state.credential === 'lease' ? becomeTrying(after, at, settings) : becomeEnded(after, outcome);
}

/** The others are called off but not out: should the winner refuse, they have their turn again. */
function becomePresented(state: Racing, { candidate: winner }: Lane, at: number, settings: RaceSettings): RaceStep {
  const rivals = state.lanes.filter(({ is, candidate }) => is === 'trying' && candidate !== winner);
  let lanes = withLane(state.lanes, winner, { is: 'presented', until: at + settings.candidateMs });
  for (const { candidate } of rivals) lanes = withLane(lanes, candidate, { is: 'called-off' });
  const after = { ...state, lanes };
  return { state: after, effects: [...rivals.map(cancel), { do: 'present', candidate: winner }, wait(after)] };
}

function becomeFailed(state: Racing, lane: Lane, is: 'failed' | 'untrusted', at: number, settings: RaceSettings): RaceStep {
  const lanes = withLane(state.lanes, lane.candidate, { is });
  const turnGoesOn = lanes.some((other) => other.is === 'trying' && sameLeg(other, lane));
  const after = { ...state, lanes, nextAt: turnGoesOn ? state.nextAt : at };
  return lane.is === 'presented' && state.credential === 'ticket'
    ? becomeEnded(after, unanswered(after))
    : becomeTrying(after, at, settings);
}

function unanswered({ lanes }: Racing): RaceOutcome {
  return { as: 'unanswered', code: lanes.some(({ is }) => is === 'untrusted') ? 3009 : 3023 };
}

/** Starts those whose turn it is, unless somebody was presented to; ends the race when nobody is left. */
function becomeTrying(state: Racing, at: number, settings: RaceSettings): RaceStep {
  if (state.lanes.some(({ is }) => is === 'presented')) return { state, effects: [wait(state)] };
  const [first, ...beside] = turnOf(state.lanes, settings);
  if (first !== undefined && at >= state.nextAt) {
    let { lanes } = state;
    for (const { candidate } of [first, ...beside]) lanes = withLane(lanes, candidate, { is: 'trying', until: at + settings.candidateMs });
    const after = { ...state, lanes, nextAt: at + settings.turns[first.route].staggerMs };
    return { state: after, effects: [...[first, ...beside].map(start), wait(after)] };
  }
  if (first !== undefined || state.lanes.some(({ is }) => is === 'trying')) return { state, effects: [wait(state)] };
  return becomeEnded(state, state.lastRefusal ?? unanswered(state));
}

/** Whoever is first in line, and those who begin beside it. */
function turnOf(lanes: readonly Lane[], { turns }: RaceSettings): readonly Lane[] {
  const inLine = lanes.filter(hasTurn).toSorted((a, b) => afterwards(a, lanes) - afterwards(b, lanes));
  const [first] = inLine;
  return first === undefined ? [] : inLine.filter((lane) => sameLeg(lane, first)).slice(0, turns[first.route].abreast);
}

/**
 * How far back in line. A refusal speaks for its location: the other locations come before another way into that one. Who was
 * called off was silent for a while already: it comes after those that were never tried.
 */
function afterwards({ location, is }: Lane, lanes: readonly Lane[]): number {
  const refused = lanes.some((lane) => lane.is === 'refused' && lane.location === location);
  return (refused ? 2 : 0) + (is === 'called-off' ? 1 : 0);
}

/** Ways of one kind into one location. */
function sameLeg(a: Way, b: Way): boolean {
  return a.route === b.route && a.location === b.location;
}

function becomeEnded(state: Racing, outcome: RaceOutcome): RaceStep {
  const running = state.lanes.filter((lane) => 'until' in lane && !(outcome.as === 'won' && outcome.by === lane.candidate));
  return { state: { is: 'ended', outcome }, effects: [{ do: 'rest' }, ...running.map(cancel), { do: 'end', outcome }] };
}

function start({ candidate }: Lane): RaceEffect {
  return { do: 'start', candidate };
}

function cancel({ candidate }: Lane): RaceEffect {
  return { do: 'cancel', candidate };
}

function wait(state: Racing): RaceEffect {
  const presented = state.lanes.some(({ is }) => is === 'presented');
  const turns = !presented && state.lanes.some(hasTurn) ? [state.nextAt] : [];
  const deadlines = state.lanes.flatMap((lane) => ('until' in lane ? [lane.until] : []));
  return { do: 'wait', until: Math.min(state.endsAt, ...turns, ...deadlines) };
}

function hasTurn({ is }: Lane): boolean {
  return is === 'waiting' || is === 'called-off';
}

function withLane(lanes: readonly Lane[], candidate: number, stand: Stand): readonly Lane[] {
  return lanes.map((lane) => (lane.candidate === candidate ? { candidate, route: lane.route, location: lane.location, ...stand } : lane));
}
