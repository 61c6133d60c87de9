/**
 * Errors as facts: `error-codes.ts` has the codes, `reasons.ts` what exactly may be said with each, `words/` the sentences.
 */
import * as v from 'valibot';
import { Cause, causeOf } from './causes.ts';
import { describeError, type ErrorCode, isCode } from './error-codes.ts';
import { CorrelationId } from './primitives.ts';
import type { Facts } from './reasons.ts';

export {
  describeError,
  type ErrorCode,
  isLaunchCode,
  LAUNCH_ERRORS,
  type LaunchCode,
  type Mend,
  SERVICE_ERRORS,
  type ServiceCode,
} from './error-codes.ts';

export type Params = Readonly<Record<string, string | number>>;

export interface ErrorOptions {
  /** what was caught: logged, never sent, but for the cause that the system's code names */
  readonly cause?: unknown;
  /** as the table says, unless whoever refuses knows better */
  readonly retryable?: boolean;
  /** where it was given one before it came here */
  readonly correlationId?: string | undefined;
  /** why an answer did not come, where `cause` does not tell */
  readonly because?: Cause | undefined;
  /** more faults of the same kind, found at the same time, for whoever fixes them */
  readonly also?: readonly HoldfastError[];
}

/** A refusal that has its place in the table. Anything thrown that is not one of these is a bug and becomes `internal`. */
export interface HoldfastError extends Error {
  readonly name: 'HoldfastError';
  readonly code: ErrorCode;
  /** what exactly: one of the code's reasons */
  readonly reason: string | undefined;
  /** the reason's parameters */
  readonly params: Params;
  readonly because: Cause | undefined;
  /** the same request may succeed elsewhere or a moment later */
  readonly retryable: boolean;
  readonly correlationId: string | undefined;
  readonly also: readonly HoldfastError[];
}

/** `message` is the facts in one line, for developers; people get the words of a catalogue. */
class Refusal extends Error implements HoldfastError {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly params: Params;
  readonly because: Cause | undefined;
  readonly retryable: boolean;
  readonly correlationId: string | undefined;
  readonly also: readonly HoldfastError[];

  constructor(code: ErrorCode, facts?: { readonly reason: string }, options: ErrorOptions = {}) {
    const { reason, ...params } = facts ?? { reason: undefined };
    super([code, reason, ...Object.entries(params).map(([name, value]) => `${name}=${String(value)}`)].filter(Boolean).join(' '), options);
    this.code = code;
    this.reason = reason;
    this.params = params;
    this.because = options.because ?? (options.cause instanceof Refusal ? options.cause.because : causeOf(options.cause));
    this.retryable = options.retryable ?? describeError(code).retryable === true;
    this.correlationId = options.correlationId;
    this.also = options.also ?? [];
  }
}

/** A code with one of its reasons and that one's parameters: anything else does not compile. */
interface HoldfastErrorConstructor {
  new <C extends ErrorCode>(code: C, facts?: Facts<NoInfer<C>>, options?: ErrorOptions): HoldfastError;
  readonly prototype: HoldfastError;
}
export const HoldfastError: HoldfastErrorConstructor = Refusal;

/** Whether nobody answered in time. Another code is somebody's decision, and anything else that is thrown is a bug. */
export function isUnanswered(thrown: unknown): thrown is HoldfastError {
  return thrown instanceof HoldfastError && (thrown.code === 'unavailable' || thrown.code === 'timeout');
}

/** Characters of a text parameter on the wire. */
const TEXT_MAX = 300;
const Text = v.pipe(v.string(), v.maxLength(TEXT_MAX), v.regex(/^\P{Cc}*$/u, 'text without control characters'));
const Key = v.pipe(v.string(), v.maxLength(40), v.regex(/^[\w-]+$/u));
/** More faults in one refusal: whoever fixes them reads no more at a time. */
const ALSO_MAX = 9;
const WireParams = v.pipe(
  v.record(Key, v.union([Text, v.pipe(v.number(), v.safeInteger())])),
  v.check((params) => Object.keys(params).length <= 8),
);

/**
 * An error as it travels: over HTTP as `{ error: ... }`, in a frame or a native message as a field. A newer peer's code, reason or
 * cause that this version does not know is no fault: the code becomes `unknown_error`, the cause is left out, the reason is passed on
 * and gets no sentence (`words.ts`).
 */
export const WireError = v.pipe(
  v.object({
    code: v.union([v.pipe(v.number(), v.integer(), v.minValue(1_000), v.maxValue(9_999)), Key]),
    reason: v.optional(Key),
    params: v.optional(WireParams),
    cause: v.optional(v.fallback(v.optional(Cause), undefined)),
    retryable: v.optional(v.boolean()),
    correlationId: v.optional(CorrelationId),
    also: v.optional(v.pipe(v.array(v.object({ reason: Key, params: v.optional(WireParams) })), v.maxLength(ALSO_MAX))),
  }),
  v.transform(({ code, reason, params, cause, retryable, correlationId, also = [] }): WireError => {
    const known = isCode(code);
    const facts = known ? { reason, params } : { reason: 'code', params: { code: String(code) } };
    return {
      code: known ? code : 'unknown_error',
      ...(facts.reason !== undefined && { reason: facts.reason, ...(facts.params !== undefined && { params: facts.params }) }),
      ...(cause !== undefined && { cause }),
      ...(retryable !== undefined && { retryable }),
      ...(correlationId !== undefined && { correlationId }),
      ...(known && also.length > 0 && { also }),
    };
  }),
);
export interface WireError {
  readonly code: ErrorCode;
  readonly reason?: string;
  readonly params?: Params;
  readonly cause?: Cause;
  /** there where the table or the error says yes: a code that the reader does not know may be so, too */
  readonly retryable?: boolean;
  readonly correlationId?: string;
  /** more faults with the same code, found at the same time */
  readonly also?: readonly { readonly reason: string; readonly params?: Params | undefined }[];
}

/** What is sent for a thrown value: the facts, never what was caught or a stack. */
export function toWireError(thrown: unknown, given?: string): WireError {
  const error = thrown instanceof HoldfastError ? thrown : new HoldfastError('internal');
  const correlationId = given ?? error.correlationId;
  const params = sendableParams(error);
  const also = error.also.flatMap((one) =>
    one.reason === undefined || one.code !== error.code ? [] : [{ reason: one.reason, params: sendableParams(one) }],
  );
  return {
    code: error.code,
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(error.because !== undefined && { cause: error.because }),
    ...((error.retryable || describeError(error.code).retryable) && { retryable: error.retryable }),
    ...(correlationId !== undefined && { correlationId }),
    ...(also.length > 0 && { also: also.slice(0, ALSO_MAX) }),
  };
}

function sendableParams({ params }: HoldfastError): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? sendable(value) : value]));
}

function sendable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, TEXT_MAX);
}

/** The error that a peer sent, to be thrown here. */
export function fromWireError({ code, reason, params, cause, retryable, correlationId, also = [] }: WireError): HoldfastError {
  return new Refusal(code, reason === undefined ? undefined : { reason, ...params }, {
    because: cause,
    correlationId,
    ...(retryable !== undefined && { retryable }),
    also: also.map((one) => new Refusal(code, { reason: one.reason, ...one.params })),
  });
}
