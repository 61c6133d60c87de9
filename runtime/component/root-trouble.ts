/**
 * What is the matter between a component and its root of trust. That it is away is one thing: nothing is wrong with that, and what it
 * said before still holds. What it refuses, or does wrong, is another: a complaint, for administrators. Each is logged once, and its end.
 */
import { HoldfastError, isUnanswered } from '#protocol/errors';
import type { Log } from '../log/log.ts';

export interface RootTrouble {
  /** in words for administrators */
  complaint(): string | undefined;
  /** It answered; `wrong`: what is not as it must be. */
  answered(wrong: string | undefined): void;
  /** What was thrown while it was asked. */
  failed(thrown: unknown): void;
}

export function rootTrouble(log: Pick<Log, 'info' | 'warn' | 'error'>): RootTrouble {
  let isAway = false;
  let complaint: string | undefined;
  const here = () => {
    if (isAway) log.info({}, 'The root of trust answers again.');
    isAway = false;
  };
  const complain = (now: string | undefined, tell: (now: string) => void) => {
    if (now !== undefined && now !== complaint) tell(now);
    if (now === undefined && complaint !== undefined) log.info({ was: complaint }, 'What was wrong with the root of trust is put right.');
    complaint = now;
  };
  return {
    complaint: () => complaint,
    answered(wrong) {
      here();
      complain(wrong, (now) => log.warn({}, now));
    },
    failed(thrown) {
      if (isUnanswered(thrown)) {
        if (!isAway) log.warn({ err: thrown }, 'The root of trust does not answer; going on with what is known.');
        isAway = true;
        return;
      }
      here();
      if (thrown instanceof HoldfastError && thrown.code !== 'internal') complain(refusalIn(thrown), (now) => log.warn({}, now));
      else complain(`an internal error: ${String(thrown)}`, () => log.error({ err: thrown }, 'Internal error.'));
    },
  };
}

function refusalIn(error: HoldfastError): string {
  // With another key it is not asked anything: the refusal is this component's own.
  if (error.reason === 'tls-pin') return `at the address of the root of trust answers somebody else: ${error.message}`;
  return `the root of trust refuses it, going on with what is known: ${error.message}`;
}
