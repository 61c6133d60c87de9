/** The result of a judgement: a verified value, or the reason against it. */
import { type ErrorCode, HoldfastError } from '#protocol/errors';
import type { Facts } from '#protocol/reasons';

/** What else is known of a failure: a code's facts, or what was found or how old it is where `why` is a judgement's own word. */
export type More<Why extends string | number> = Why extends ErrorCode ? Facts<Why> : { readonly found?: string; readonly age?: number };

export interface Failure<Why extends string | number = string> {
  readonly ok: false;
  readonly why: Why;
  readonly more?: More<Why>;
  /** the cause lies with the judge: another judge, or the same one later, may decide otherwise */
  readonly passing?: true;
}

export type Verdict<T, Why extends string | number = string> = { readonly ok: true; readonly value: T } | Failure<Why>;

/** A positive judgement with its value. */
export function pass<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A negative judgement. */
export function fail<const Why extends string | number>(why: Why, more?: More<NoInfer<Why>>): Failure<Why> {
  return more === undefined ? { ok: false, why } : { ok: false, why, more };
}

/** A failure for now: see `Failure.passing`. */
export function failForNow<const Why extends string | number>(why: Why, more: More<NoInfer<Why>>): Failure<Why> {
  return { ok: false, why, more, passing: true };
}

/** The refusal for a negative judgement with one of the table's codes. */
export function errorOf({ why, more, passing }: Failure<ErrorCode>): HoldfastError {
  return new HoldfastError(why, more, passing === undefined ? undefined : { retryable: true });
}
