/** The context of every step of a session. */
import type { HostLog } from '../log.ts';
import type { SendToHost } from './host-messages.ts';

export interface SessionContext {
  readonly home: string;
  readonly log: HostLog;
  readonly send: SendToHost;
  readonly signal: AbortSignal;
  /** resolves to whether the host wants the viewer started again */
  readonly askAgain: () => Promise<boolean>;
}

/** A viewer that shows nothing within this has failed, even when the host is gone. Longer than the host's own 20 s. */
export const OPENING_MS = 21_000;
/** For the person to answer their viewer. Longer than the host's own 5 min. */
export const ASKING_MS = 301_000;
