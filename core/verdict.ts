/** What a judgement yields: the value that may now be relied on, or why not. */
export type Verdict<T, Why extends string | number = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Why; readonly detail?: string };

export function pass<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<const Why extends string | number>(
  why: Why,
  detail?: string,
): { readonly ok: false; readonly why: Why; readonly detail?: string } {
  return detail === undefined ? { ok: false, why } : { ok: false, why, detail };
}
