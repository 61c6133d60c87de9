/**
 * The closed list of everything that can be answered instead of a result.
 * Codes are append-only. A code is either one of the fixed launch codes (numbers, B-N7) or a word for a service's refusal.
 * `says` is the plain sentence, `remedy` what the person can do; both are shown as they stand when a part has no better words.
 */
import * as v from 'valibot';
import { CorrelationId } from './primitives.ts';

interface Entry {
  /** status used where the answer travels over HTTP */
  readonly http: number;
  readonly says: string;
  readonly remedy: string;
  /** the same request may succeed elsewhere or a moment later */
  readonly retryable?: true;
}

const RECONNECT = 'Reconnect to Workspace.';
const AGAIN = 'Try again.';
const DESK = 'Tell your service desk the ID.';

/** Fixed launch codes (B-N7), with the words of the launch panel. */
export const LAUNCH_ERRORS = {
  3000: { http: 404, says: 'Nothing is saved for it on this device.', remedy: RECONNECT },
  3002: { http: 404, says: 'Its saved access is missing or unreadable.', remedy: RECONNECT },
  3003: { http: 422, says: 'Its saved access names no location.', remedy: `${RECONNECT} ${DESK}` },
  3004: { http: 422, says: 'Its saved access lacks connection details.', remedy: `${RECONNECT} ${DESK}` },
  3005: { http: 422, says: 'The Workspace sent an empty launch file.', remedy: AGAIN },
  3006: { http: 403, says: 'Your saved access has ended.', remedy: RECONNECT },
  3007: { http: 403, says: 'Its saved access was altered, so it isn’t used.', remedy: `${RECONNECT} ${DESK}` },
  3008: { http: 502, says: 'The location gave no decision.', remedy: AGAIN, retryable: true },
  3009: { http: 502, says: 'The location’s answer can’t be trusted.', remedy: DESK },
  3010: { http: 400, says: 'Part of the request is missing.', remedy: `${AGAIN} ${DESK}` },
  3020: { http: 502, says: 'The location couldn’t check your access.', remedy: `${AGAIN} ${DESK}` },
  3021: { http: 404, says: 'None of its locations has it now.', remedy: `${AGAIN} ${DESK}`, retryable: true },
  3022: { http: 403, says: 'The location refused.', remedy: DESK },
  3023: { http: 504, says: 'No location answered in time.', remedy: AGAIN, retryable: true },
  3024: { http: 499, says: 'Cancelled.', remedy: '' },
  3025: { http: 503, says: 'It was tried several times without success.', remedy: `${AGAIN} ${DESK}` },
  3026: { http: 502, says: 'The location answers but can’t start this.', remedy: `${AGAIN} ${DESK}` },
} as const satisfies Record<number, Entry>;

/** Refusals of services, the extension and the native host. */
export const SERVICE_ERRORS = {
  bad_request: {
    http: 400,
    says: 'The request is not understood.',
    remedy: 'Update Holdfast on this side; if it stays, tell your service desk the ID.',
  },
  too_large: { http: 413, says: 'The request is larger than allowed.', remedy: 'Ask for less at once.' },
  not_signed_in: { http: 401, says: 'You are not signed in.', remedy: 'Sign in.' },
  untrusted_peer: { http: 401, says: 'The other side could not prove who it is.', remedy: 'Check its enrolment with the root of trust.' },
  not_entitled: { http: 403, says: 'This is not published to you.', remedy: 'Ask your administrator for access.' },
  blocked: { http: 403, says: 'Your administrator has blocked access.', remedy: 'Ask your administrator.' },
  not_found: { http: 404, says: 'There is nothing by that name.', remedy: 'Check the name.' },
  conflict: { http: 409, says: 'It was changed by somebody else meanwhile.', remedy: 'Look again, then repeat the change.' },
  ticket_used: { http: 403, says: 'This launch ticket was used already.', remedy: 'Open the resource again.' },
  ticket_expired: { http: 403, says: 'This launch ticket is too old.', remedy: 'Open the resource again.' },
  join_token_used: { http: 403, says: 'This join token was used already.', remedy: 'Make a new one with `holdfast admin join-token`.' },
  join_token_expired: { http: 403, says: 'This join token is too old.', remedy: 'Make a new one with `holdfast admin join-token`.' },
  too_many: { http: 429, says: 'Too many requests at once.', remedy: 'Wait a moment.', retryable: true },
  internal: { http: 500, says: 'Holdfast made a mistake.', remedy: DESK },
  unavailable: { http: 503, says: 'It does not answer.', remedy: 'Try again; saved access works meanwhile.', retryable: true },
  timeout: { http: 504, says: 'It did not answer in time.', remedy: 'Try again; saved access works meanwhile.', retryable: true },
  bad_config: { http: 500, says: 'The configuration is not valid.', remedy: 'Mend the named line, then run `holdfast config check`.' },
  port_in_use: {
    http: 500,
    says: 'Another program already listens there.',
    remedy: 'Stop it, or choose another port (`--port-base` of `holdfast up`, `listen` and `management` of a service).',
  },
  missing_program: { http: 500, says: 'A program is missing.', remedy: 'Install it with the command shown.' },
  missing_viewer: { http: 424, says: 'No viewer for this kind of session is installed.', remedy: 'Install it with the command shown.' },
  host_missing: {
    http: 424,
    says: 'The Holdfast host is not installed for this browser.',
    remedy: 'Run `holdfast-host install`, then open this again.',
  },
  host_version: { http: 426, says: 'The Holdfast host and the extension do not fit together.', remedy: 'Update the older of the two.' },
  host_crashed: {
    http: 502,
    says: 'The Holdfast host stopped.',
    remedy: 'Try again; if it stays, run `holdfast-host doctor`.',
    retryable: true,
  },
  extension_missing: {
    http: 424,
    says: 'The Holdfast extension is not installed in this browser.',
    remedy: 'Install the extension, then reload this page.',
  },
  forbidden_caller: {
    http: 403,
    says: 'This caller may not ask for that.',
    remedy: 'Run `holdfast-host install` again, for this extension and this Workspace.',
  },
  unsafe_folder: {
    http: 500,
    says: 'A private folder is open to others.',
    remedy: 'Take the rights of others away: `chmod 700`.',
  },
} as const satisfies Record<string, Entry>;

export type LaunchCode = keyof typeof LAUNCH_ERRORS;
export type ServiceCode = keyof typeof SERVICE_ERRORS;
export type ErrorCode = LaunchCode | ServiceCode;

const TABLE: Readonly<Record<string, Entry>> = { ...LAUNCH_ERRORS, ...SERVICE_ERRORS };

/** The table's line for a code. */
export function describeError(code: ErrorCode): Entry {
  const entry = TABLE[code];
  if (entry === undefined) throw new TypeError(`no such error code: ${code}`);
  return entry;
}

/** Whether it is one of the fixed launch codes (B-N7). */
export function isLaunchCode(code: unknown): code is LaunchCode {
  return typeof code === 'number' && Object.hasOwn(LAUNCH_ERRORS, code);
}

/**
 * A refusal that has its place in the table. Anything thrown that is not one of these is a bug and becomes `internal`.
 * `detail` says what exactly, for people; it may be sent. `cause` is logged and never sent.
 */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  /** the same request may succeed elsewhere or a moment later: as the table says, unless whoever refuses knows better */
  readonly retryable: boolean;
  /** where it was given one before it came here */
  readonly correlationId: string | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    options: { cause?: unknown; retryable?: boolean; correlationId?: string | undefined } = {},
  ) {
    super(detail === undefined ? describeError(code).says : `${describeError(code).says} ${detail}`, options);
    this.code = code;
    this.detail = detail;
    this.retryable = options.retryable ?? describeError(code).retryable === true;
    this.correlationId = options.correlationId;
  }
}

/** An error as it travels: over HTTP as `{ error: ... }`, in a frame or a native message as a field. */
export const WireError = v.object({
  code: v.union([
    v.picklist(Object.keys(LAUNCH_ERRORS).map(Number) as LaunchCode[]),
    v.picklist(Object.keys(SERVICE_ERRORS) as ServiceCode[]),
  ]),
  message: v.pipe(v.string(), v.maxLength(1_000)),
  remedy: v.pipe(v.string(), v.maxLength(1_000)),
  correlationId: v.optional(CorrelationId),
});
export type WireError = v.InferOutput<typeof WireError>;

/** What is sent for a thrown value: the table's words and the detail, never the cause or a stack. */
export function toWireError(thrown: unknown, given?: string): WireError {
  const error = thrown instanceof HoldfastError ? thrown : new HoldfastError('internal');
  const correlationId = given ?? error.correlationId;
  return {
    code: error.code,
    message: error.message,
    remedy: describeError(error.code).remedy,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** The error that a peer sent, to be thrown here. */
export function fromWireError(wire: WireError): HoldfastError {
  const says = describeError(wire.code).says;
  const detail = wire.message.startsWith(`${says} `) ? wire.message.slice(says.length + 1) : undefined;
  return new HoldfastError(wire.code, detail, { correlationId: wire.correlationId });
}
