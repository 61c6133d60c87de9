/** What every handler of the root of trust works with. */
import type { RootOfTrustConfig } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import type { Authority } from './authority.ts';
import type { Revocations } from './revocations.ts';
import type { Store } from './store.ts';

export interface Root {
  readonly config: Pick<RootOfTrustConfig, 'id'>;
  readonly authority: Authority;
  readonly store: Store;
  readonly revocations: Revocations;
  /** seconds */
  readonly now: () => number;
  /** counts enrolments, renewals and blocks, to invalidate the cached directory */
  readonly changes: { count: number };
  /** aborts when the service shuts down: no long poll outlives it */
  readonly signal: AbortSignal;
  readonly log: Log;
}
