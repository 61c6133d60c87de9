/** What every handler of the root of trust works with. */
import type { RootOfTrustConfig } from '#protocol/service-config';
import type { Allowance, AllowanceLimits } from '#runtime/budget/allowance';
import type { Log } from '#runtime/log/log';
import type { Metrics } from '#runtime/metrics/metrics';
import type { Authority } from './authority.ts';
import type { Revocations } from './revocations.ts';
import type { Store } from './store.ts';
import type { Waits } from './waits.ts';

/** What administrators should be told of as it happens. */
export interface Counted {
  /** statements made, by role and occasion: enrolment, renewal, rotation */
  readonly statements: ReturnType<Metrics['counter']>;
  /** signs that a key is in two hands */
  readonly alarms: ReturnType<Metrics['counter']>;
}

export function countedBy(metrics: Metrics): Counted {
  return {
    statements: metrics.counter('holdfast_root_statements_total', 'Trust statements made.', ['role', 'occasion']),
    alarms: metrics.counter('holdfast_root_key_alarms_total', 'Requests that only a second holder of a key makes.', ['role']),
  };
}

/** Lines about one key. The metric counts all. */
export const ALARMS: AllowanceLimits = { burst: 1, perSecond: 1 / 60 };

export interface Root {
  readonly config: Pick<RootOfTrustConfig, 'id'>;
  readonly authority: Authority;
  readonly store: Store;
  readonly revocations: Revocations;
  readonly waits: Waits;
  /** seconds */
  readonly now: () => number;
  /** counted up when a change of statements or blocks is committed: an answer that was made before is old */
  readonly changes: { count: number };
  readonly counted: Counted;
  /** Of each key one line a minute says that two hold it: whoever has a stolen one must not fill the disk. */
  readonly alarmed: Pick<Allowance, 'spend'>;
  /** aborts when the service shuts down: no long poll outlives it */
  readonly signal: AbortSignal;
  readonly log: Log;
}
