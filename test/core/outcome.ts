/** A judgement in one line, for tables of cases. */

/** `good`, or what was decided against it and its reason: `3020 other-device`. */
export function outcomeOf(verdict: {
  readonly ok: boolean;
  readonly why?: string | number;
  readonly more?: { readonly reason?: string; readonly found?: string; readonly age?: number };
}): string {
  if (verdict.ok) return 'good';
  return [verdict.why, verdict.more?.reason].filter((part) => part !== undefined).join(' ');
}
