/** The result of a judgement: a verified value, or the reason against it. */
import { type ErrorCode, HoldfastError } from '#protocol/errors';

export interface Failure<Why extends string | number = string> {
  readonly ok: false;
  readonly why: Why;
  readonly detail?: string;
  /** the cause lies with the judge: another judge, or the same one later, may decide otherwise */
  readonly passing?: true;
}

export type Verdict<T, Why extends string | number = string> = { readonly ok: true; readonly value: T } | Failure<Why>;

/** A positive judgement with its value. */
export function pass<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A negative judgement. `detail`: for people. */
export function fail<const Why extends string | number>(why: Why, detail?: string): Failure<Why> {
  return detail === undefined ? { ok: false, why } : { ok: false, why, detail };
}

/** A failure for now: see `Failure.passing`. */
export function failForNow<const Why extends string | number>(why: Why, detail: string): Failure<Why> {
  return { ok: false, why, detail, passing: true };
}

/** The refusal for a negative judgement with one of the table's codes. */
export function errorOf({ why, detail, passing }: Failure<ErrorCode>): HoldfastError {
  return new HoldfastError(why, detail, passing === undefined ? undefined : { retryable: true });
}
