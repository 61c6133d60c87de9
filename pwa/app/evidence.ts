import type { Cause } from '#core/machines/feed';
import type { Evidence } from './model.ts';

/** Adds a failure to the evidence: keeps the first time, updates the last. */
export function recorded(evidence: readonly Evidence[], hop: string, cause: Cause, at: number): readonly Evidence[] {
  const known = evidence.find((entry) => entry.hop === hop && entry.cause === cause);
  const entry: Evidence = { hop, cause, first: known?.first ?? at, last: at };
  return [...evidence.filter((other) => other.hop !== hop), entry];
}

/** The extension's word for a cause, where it is one of ours. */
export function causeNamed(word: string | undefined): Cause {
  switch (word) {
    case 'refused':
    case 'dns':
    case 'tls':
    case 'timeout':
    case 'not-ours':
      return word;
    case '5xx':
    case 'server-error':
      return 'server-error';
    default:
      return 'network';
  }
}
