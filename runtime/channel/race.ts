/** Drives `core/placement/race.ts` over real channels: the winner's channel comes back open, with its grant. */
import { type Candidate, expectedAt } from '#core/placement/candidates';
import {
  type Credential,
  nextRace,
  RACE_SETTINGS,
  type RaceEffect,
  type RaceEvent,
  type RaceOutcome,
  type RaceSettings,
  startRace,
} from '#core/placement/race';
import type { Trust } from '#core/trust/trust';
import type { Granted, ServerAnswer } from '#protocol/channel';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { News } from '#protocol/trust';
import { type Channel, openChannel, type PresentBody } from './client.ts';

export interface RaceOptions {
  /** from `candidatesFor` */
  readonly candidates: readonly Candidate[];
  readonly credential: Credential;
  /** Makes what the winner is shown; called once for each channel that won a round. */
  readonly presentTo: (channel: Channel, candidate: Candidate) => PresentBody;
  readonly trust: () => Trust;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly onNews?: (news: News) => void;
  /** Told of each candidate that did not say hello, for the log. */
  readonly onFault?: (candidate: Candidate, error: unknown) => void;
  readonly settings?: RaceSettings;
}

export type RaceResult =
  | { readonly as: 'granted'; readonly by: Candidate; readonly granted: Granted }
  /** retryable, with a lease: all others were asked, too, and nobody granted it */
  | { readonly as: 'refused'; readonly by: Candidate; readonly error: HoldfastError; readonly retryable: boolean }
  | { readonly as: 'unanswered'; readonly error: HoldfastError };

/** Never rejects but with the signal's reason. No connection is left open when it resolves. */
export async function raceChannels(options: RaceOptions): Promise<RaceResult> {
  const { signal } = options;
  signal.throwIfAborted();
  const race = drive(options);
  try {
    return await race.result;
  } finally {
    race.stop();
  }
}

interface Runner {
  readonly stop: AbortController;
  channel?: Channel;
}

function drive(options: RaceOptions): { result: Promise<RaceResult>; stop: () => void } {
  const { candidates, credential, signal, settings = RACE_SETTINGS } = options;
  const { promise: result, resolve, reject } = Promise.withResolvers<RaceResult>();
  const runners = new Map<number, Runner>();
  const answers: { granted?: Granted; refusal?: HoldfastError } = {};
  let timer: NodeJS.Timeout | undefined;

  const at = () => performance.now();
  const happened = (event: RaceEvent) => {
    const step = nextRace(state, event, at(), settings);
    state = step.state;
    for (const effect of step.effects) perform(effect);
  };

  const start = async (index: number, candidate: Candidate) => {
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
      if (runners.get(index) === runner) happened({ type: 'hello', candidate: index });
    } catch (error) {
      if (runners.get(index) !== runner) return;
      options.onFault?.(candidate, error);
      const untrusted = error instanceof HoldfastError && error.code === 'untrusted_peer';
      happened({ type: untrusted ? 'untrusted' : 'failed', candidate: index });
    }
  };

  const present = async (index: number, candidate: Candidate) => {
    const runner = runners.get(index);
    const channel = runner?.channel;
    if (channel === undefined) return;
    try {
      const answer = await channel.present(options.presentTo(channel, candidate), settings.candidateMs);
      if (runners.get(index) === runner) happened(toEvent(answer, index));
    } catch (error) {
      if (runners.get(index) !== runner) return;
      options.onFault?.(candidate, error);
      happened({ type: 'failed', candidate: index });
    }
  };

  const toEvent = (answer: ServerAnswer, candidate: number): RaceEvent => {
    if (answer.type === 'grant') {
      answers.granted = answer;
      return { type: 'granted', candidate };
    }
    cancel(candidate);
    if (answer.type !== 'refusal') return { type: 'failed', candidate };
    answers.refusal = fromWireError(answer.error);
    return { type: 'refused', candidate, code: answer.error.code, retryable: answer.retryable };
  };

  const cancel = (index: number) => {
    runners.get(index)?.stop.abort();
    runners.delete(index);
  };

  const perform = (effect: RaceEffect): void => {
    switch (effect.do) {
      case 'start':
      case 'present': {
        const candidate = candidates[effect.candidate];
        if (candidate !== undefined) void (effect.do === 'start' ? start : present)(effect.candidate, candidate);
        return;
      }
      case 'cancel':
        cancel(effect.candidate);
        return;
      case 'wait':
        clearTimeout(timer);
        timer = setTimeout(() => happened({ type: 'tick' }), Math.max(0, Math.ceil(effect.until - at())));
        return;
      case 'end':
        resolve(toResult(effect.outcome, candidates, answers));
    }
  };

  const stop = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', aborted);
    for (const index of [...runners.keys()]) cancel(index);
  };
  const aborted = () => reject(signal.reason);
  signal.addEventListener('abort', aborted, { once: true });

  const first = startRace(candidates, credential, at(), settings);
  let state = first.state;
  for (const effect of first.effects) perform(effect);
  return { result, stop };
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
