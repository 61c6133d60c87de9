import type { Cause } from '#protocol/causes';
import type { Evidence } from './model.ts';

/** Adds a failure to the evidence: keeps the first time, updates the last. */
export function recorded(evidence: readonly Evidence[], hop: string, cause: Cause, at: number): readonly Evidence[] {
  const known = evidence.find((entry) => entry.hop === hop && entry.cause === cause);
  const entry: Evidence = { hop, cause, first: known?.first ?? at, last: at };
  return [...evidence.filter((other) => other.hop !== hop), entry];
}
