/** What every step of a session has at hand. */
import type { HostLog } from '../log.ts';
import type { Say } from './words.ts';

export interface SessionContext {
  readonly home: string;
  readonly log: HostLog;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** resolves to whether the host wants the viewer started again */
  readonly askAgain: () => Promise<boolean>;
}

/** A viewer that shows nothing within this is a failure, also when no host is left to say so. Longer than the host's own 20 s. */
export const FIRST_BYTES_MS = 21_000;
