/** What a judgement yields: the value that may now be relied on, or why not. */
import { type ErrorCode, HoldfastError } from '#protocol/errors';

export interface Failure<Why extends string | number = string> {
  readonly ok: false;
  readonly why: Why;
  readonly detail?: string;
  /** it lies with the judge, not with what was judged: another one, or the same a moment later, may come to another verdict */
  readonly passing?: true;
}

export type Verdict<T, Why extends string | number = string> = { readonly ok: true; readonly value: T } | Failure<Why>;

/** A judgement that holds, with what may be relied on. */
export function pass<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A judgement that does not hold. `detail`: for people. */
export function fail<const Why extends string | number>(why: Why, detail?: string): Failure<Why> {
  return detail === undefined ? { ok: false, why } : { ok: false, why, detail };
}

/** A failure for now: see `Failure.passing`. */
export function failForNow<const Why extends string | number>(why: Why, detail: string): Failure<Why> {
  return { ok: false, why, detail, passing: true };
}

/** The refusal that a failed judgement with one of the table's codes is answered with. */
export function errorOf({ why, detail, passing }: Failure<ErrorCode>): HoldfastError {
  return new HoldfastError(why, detail, passing === undefined ? undefined : { retryable: true });
}
