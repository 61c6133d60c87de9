/** What every handler of the root of trust works with. */
import type { RootOfTrustConfig } from '#protocol/service-config';
import type { Log } from '#runtime/log/log';
import type { Authority } from './authority.ts';
import type { Revocations } from './revocations.ts';
import type { Store } from './store.ts';

export interface Root {
  readonly config: Pick<RootOfTrustConfig, 'tenant' | 'id'>;
  readonly authority: Authority;
  readonly store: Store;
  readonly revocations: Revocations;
  /** seconds */
  readonly now: () => number;
  /** counts enrolments, renewals and blocks, so that what is kept ready is made anew */
  readonly changes: { count: number };
  /** the service ends: nobody is kept waiting */
  readonly signal: AbortSignal;
  readonly log: Log;
}
