/** What a launch can be in, what happens to it, and what is done about it. The machine itself is `launch.ts`. */

import type { LaunchCode } from '#protocol/errors';
import type { LaunchMode } from '#protocol/primitives';
import type { Happening, Step, TimerEffect, Untimed } from './step.ts';

export interface Carried {
  /** code of the ticket that failed before the lease was looked for */
  readonly behind: LaunchCode | undefined;
}
export interface Redeeming extends Carried {
  readonly is: 'redeeming';
  readonly mode: LaunchMode;
  /** rounds that ended in a retryable refusal */
  readonly retries: number;
  /** waiting until then before the next round; undefined while a round runs */
  readonly backoff: number | undefined;
  readonly until: number;
  readonly reopened: boolean;
}
export interface Opening extends Carried {
  readonly is: 'opening';
  readonly mode: LaunchMode;
  readonly until: number;
  /** the one retry is used up */
  readonly reopened: boolean;
}
export interface Searching extends Carried {
  readonly is: 'finding' | 'checking';
  readonly until: number;
}
export type LaunchState =
  | Searching
  | ({ readonly is: 'choosing' } & Carried)
  | Redeeming
  | Opening
  | { readonly is: 'running'; readonly mode: LaunchMode }
  | { readonly is: 'resuming'; readonly mode: LaunchMode; readonly until: number }
  | { readonly is: 'ended'; readonly outcome: LaunchOutcome };

/** `opened`: the session ran; `cause` is why it ended, absent when in good order. */
export type LaunchOutcome =
  | { readonly as: 'opened'; readonly cause: LaunchCode | undefined }
  | { readonly as: 'failed'; readonly code: LaunchCode };

export type LaunchEvent = Happening &
  (
    | { readonly type: 'found' }
    /** 3000 no files, 3002 unreadable or missing, 3010 something needed was not said */
    | { readonly type: 'missing'; readonly code: 3000 | 3002 | 3010 }
    | { readonly type: 'good' }
    | { readonly type: 'bad'; readonly code: LaunchCode }
    | { readonly type: 'chosen' }
    | { readonly type: 'nowhere'; readonly code: 3003 | 3021 }
    | { readonly type: 'granted' }
    /** `others`: there are locations that have not refused in this round */
    | { readonly type: 'refused'; readonly code: LaunchCode; readonly retryable: boolean; readonly others: boolean }
    /** no candidate said hello, or the winner fell silent */
    | { readonly type: 'unanswered' }
    /** the session host was not reached or did not attach */
    | { readonly type: 'unmet'; readonly code: LaunchCode }
    /** the viewer could not be started or ended before it connected */
    | { readonly type: 'viewerFailed' }
    /** trying again is of no use: there is no viewer, or the session server or the person said no */
    | { readonly type: 'hopeless'; readonly code: LaunchCode }
    /** the viewer waits for the person: for a password, say */
    | { readonly type: 'asking' }
    /** the desktop or the shell is there */
    | { readonly type: 'shown' }
    | { readonly type: 'lost' }
    | { readonly type: 'resumed' }
    | { readonly type: 'over'; readonly cause: LaunchCode | undefined }
    | { readonly type: 'due' }
    | { readonly type: 'cancel' }
  );

export type LaunchNews = Untimed<LaunchEvent>;

export type LaunchEffect =
  | TimerEffect
  /** tell the person */
  | { readonly do: 'say'; readonly phase: LaunchState['is']; readonly mode: LaunchMode }
  | { readonly do: 'find' }
  | { readonly do: 'check' }
  | { readonly do: 'choose' }
  /** race the candidates; `afresh`: also those that refused before */
  | { readonly do: 'redeem'; readonly mode: LaunchMode; readonly afresh: boolean }
  /** meet the session host and start the viewer */
  | { readonly do: 'open' }
  /** start the viewer again on the connection that is there */
  | { readonly do: 'reopen' }
  /** end whatever runs for this launch: connections, processes, files */
  | { readonly do: 'stop' }
  /** the one outcome */
  | { readonly do: 'report'; readonly outcome: LaunchOutcome }
  /** nothing comes after this: reported as ended once what was stopped is gone */
  | { readonly do: 'end'; readonly outcome: LaunchOutcome };

/** Milliseconds. */
export interface LaunchSettings {
  readonly findMs: number;
  readonly checkMs: number;
  readonly redeemMs: number;
  readonly openMs: number;
  /** for the person to answer their viewer */
  readonly askMs: number;
  readonly graceMs: number;
  /** before the first, second ... retry; their number is the number of retries */
  readonly backoffMs: readonly number[];
}
export const LAUNCH_SETTINGS: LaunchSettings = {
  findMs: 500,
  checkMs: 500,
  redeemMs: 20_000,
  openMs: 20_000,
  askMs: 300_000,
  graceMs: 120_000,
  backoffMs: [250, 1_000, 3_000],
};

export type LaunchStep = Step<LaunchState, LaunchEffect>;
