/** Carries `core/machines/race.ts` out over real channels: the winner's channel comes back open, with its grant. */
import {
  type Credential,
  nextRace,
  RACE_SETTINGS,
  type RaceEffect,
  type RaceEvent,
  type RaceOutcome,
  type RaceSettings,
  type RaceState,
  startRace,
} from '#core/machines/race';
import { type Candidate, expectedAt } from '#core/placement/candidates';
import type { Trust } from '#core/trust/trust';
import type { Granted, ServerAnswer } from '#protocol/channel';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { News } from '#protocol/trust';
import { drive } from '../machine/drive.ts';
import { monotonicClock } from '../monotonic-clock.ts';
import { type Channel, openChannel, type PresentBody } from './client.ts';

export interface RaceOptions {
  /** from `candidatesFor` */
  readonly candidates: readonly Candidate[];
  readonly credential: Credential;
  /** Makes what is presented to the winner; called once for each channel that wins a round. */
  readonly presentTo: (channel: Channel, candidate: Candidate) => PresentBody;
  readonly trust: () => Trust;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly onNews?: (news: News) => void;
  /** Called for each candidate that did not say hello, for the log. */
  readonly onFault?: (candidate: Candidate, error: unknown) => void;
  readonly settings?: RaceSettings;
}

export type RaceResult =
  | { readonly as: 'granted'; readonly by: Candidate; readonly granted: Granted }
  /** retryable, with a lease: all others were asked, too, and nobody granted it */
  | { readonly as: 'refused'; readonly by: Candidate; readonly error: HoldfastError; readonly retryable: boolean }
  | { readonly as: 'unanswered'; readonly error: HoldfastError };

type Tell = (event: RaceEvent) => void;

interface Runner {
  readonly stop: AbortController;
  channel?: Channel;
}

/** Never rejects but with the signal's reason. No connection is left open when it resolves. */
export async function raceChannels(options: RaceOptions): Promise<RaceResult> {
  const { candidates, credential, signal, settings = RACE_SETTINGS } = options;
  signal.throwIfAborted();
  const { promise: result, resolve, reject } = Promise.withResolvers<RaceResult>();
  const runners = new Map<number, Runner>();
  const answers: { granted?: Granted; refusal?: HoldfastError } = {};
  const over = new AbortController();
  const { now: at } = monotonicClock;

  const start = async (index: number, tell: Tell): Promise<void> => {
    const candidate = candidates[index];
    if (candidate === undefined) return;
    const runner: Runner = { stop: new AbortController() };
    runners.set(index, runner);
    try {
      runner.channel = await openChannel({
        address: candidate.address,
        signal: AbortSignal.any([signal, runner.stop.signal]),
        deadlineMs: settings.candidateMs,
        trust: options.trust(),
        expected: expectedAt(candidate),
        ...(options.now !== undefined && { now: options.now }),
        ...(options.onNews !== undefined && { onNews: options.onNews }),
      });
      if (runners.get(index) === runner) tell({ type: 'hello', at: at(), candidate: index });
    } catch (error) {
      if (runners.get(index) !== runner) return;
      options.onFault?.(candidate, error);
      const untrusted = error instanceof HoldfastError && error.code === 'untrusted_peer';
      tell({ type: untrusted ? 'untrusted' : 'failed', at: at(), candidate: index });
    }
  };

  const present = async (index: number, tell: Tell): Promise<void> => {
    const candidate = candidates[index];
    const runner = runners.get(index);
    const channel = runner?.channel;
    if (candidate === undefined || channel === undefined) return;
    try {
      const answer = await channel.present(options.presentTo(channel, candidate), settings.candidateMs);
      if (runners.get(index) === runner) tell(toEvent(answer, index));
    } catch (error) {
      if (runners.get(index) !== runner) return;
      options.onFault?.(candidate, error);
      tell({ type: 'failed', at: at(), candidate: index });
    }
  };

  const toEvent = (answer: ServerAnswer, candidate: number): RaceEvent => {
    if (answer.type === 'grant') {
      answers.granted = answer;
      return { type: 'granted', at: at(), candidate };
    }
    cancel(candidate);
    if (answer.type !== 'refusal') return { type: 'failed', at: at(), candidate };
    answers.refusal = fromWireError(answer.error);
    return { type: 'refused', at: at(), candidate, code: answer.error.code, retryable: answer.retryable };
  };

  const cancel = (index: number): void => {
    runners.get(index)?.stop.abort();
    runners.delete(index);
  };

  const aborted = (): void => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });
  drive<RaceState, RaceEvent, RaceEffect>({
    first: startRace(candidates, credential, at(), settings),
    next: (state, event) => nextRace(state, event, settings),
    clock: monotonicClock,
    due: (time) => ({ type: 'due', at: time }),
    effects: {
      start: ({ candidate }, tell) => start(candidate, tell),
      present: ({ candidate }, tell) => present(candidate, tell),
      cancel: ({ candidate }) => cancel(candidate),
      end: ({ outcome }) => resolve(toResult(outcome, candidates, answers)),
    },
    failed: reject,
    signal: over.signal,
  });
  try {
    return await result;
  } finally {
    over.abort();
    signal.removeEventListener('abort', aborted);
    for (const index of [...runners.keys()]) cancel(index);
  }
}

function toResult(
  outcome: RaceOutcome,
  candidates: readonly Candidate[],
  answers: { granted?: Granted; refusal?: HoldfastError },
): RaceResult {
  if (outcome.as === 'unanswered') return { as: 'unanswered', error: new HoldfastError(outcome.code) };
  const by = candidates[outcome.by];
  if (by === undefined) return { as: 'unanswered', error: new HoldfastError(3023) };
  if (outcome.as === 'won' && answers.granted !== undefined) return { as: 'granted', by, granted: answers.granted };
  if (outcome.as === 'refused') {
    return { as: 'refused', by, error: answers.refusal ?? new HoldfastError(outcome.code), retryable: outcome.retryable };
  }
  return { as: 'unanswered', error: new HoldfastError(3009) };
}
