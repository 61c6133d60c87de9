/**
 * The closed list of codes, append-only: the fixed launch codes (numbers, B-N7) and a word for each refusal of a service.
 */

/** What mends it: reconnecting, trying again, signing in, the service desk with the ID, or something to change that the words name. */
export type Mend = 'reconnect' | 'again' | 'sign-in' | 'desk' | 'change';

interface Entry {
  /** status used where the answer travels over HTTP */
  readonly http: number;
  /** in the order in which a person tries */
  readonly mends: readonly Mend[];
  /** the same request may succeed elsewhere or a moment later */
  readonly retryable?: true;
}

const RECONNECT = ['reconnect'] as const;
const RECONNECT_DESK = ['reconnect', 'desk'] as const;
const AGAIN = ['again'] as const;
const AGAIN_DESK = ['again', 'desk'] as const;
const DESK = ['desk'] as const;
const CHANGE = ['change'] as const;

/** Fixed launch codes (B-N7). */
export const LAUNCH_ERRORS = {
  3000: { http: 404, mends: RECONNECT },
  3002: { http: 404, mends: RECONNECT },
  3003: { http: 422, mends: RECONNECT_DESK },
  3004: { http: 422, mends: RECONNECT_DESK },
  3005: { http: 422, mends: AGAIN },
  3006: { http: 403, mends: RECONNECT },
  3007: { http: 403, mends: RECONNECT_DESK },
  3008: { http: 502, mends: AGAIN, retryable: true },
  3009: { http: 502, mends: DESK },
  3010: { http: 400, mends: AGAIN_DESK },
  3020: { http: 502, mends: AGAIN_DESK },
  3021: { http: 404, mends: AGAIN_DESK, retryable: true },
  3022: { http: 403, mends: DESK },
  3023: { http: 504, mends: AGAIN, retryable: true },
  3024: { http: 499, mends: [] },
  3025: { http: 503, mends: AGAIN_DESK },
  3026: { http: 502, mends: AGAIN_DESK },
} as const satisfies Record<number, Entry>;

/** Refusals of services, the extension and the native host. */
export const SERVICE_ERRORS = {
  bad_request: { http: 400, mends: CHANGE },
  too_large: { http: 413, mends: CHANGE },
  not_signed_in: { http: 401, mends: ['sign-in'] },
  untrusted_peer: { http: 401, mends: CHANGE },
  not_entitled: { http: 403, mends: CHANGE },
  blocked: { http: 403, mends: CHANGE },
  not_found: { http: 404, mends: CHANGE },
  conflict: { http: 409, mends: AGAIN },
  ticket_used: { http: 403, mends: AGAIN },
  ticket_expired: { http: 403, mends: AGAIN },
  join_token_used: { http: 403, mends: CHANGE },
  join_token_expired: { http: 403, mends: CHANGE },
  too_many: { http: 429, mends: AGAIN, retryable: true },
  internal: { http: 500, mends: DESK },
  unavailable: { http: 503, mends: AGAIN, retryable: true },
  timeout: { http: 504, mends: AGAIN, retryable: true },
  bad_config: { http: 422, mends: CHANGE },
  port_in_use: { http: 500, mends: CHANGE },
  missing_program: { http: 500, mends: CHANGE },
  missing_viewer: { http: 424, mends: CHANGE },
  host_missing: { http: 424, mends: CHANGE },
  host_version: { http: 426, mends: CHANGE },
  host_crashed: { http: 502, mends: AGAIN, retryable: true },
  extension_missing: { http: 424, mends: CHANGE },
  forbidden_caller: { http: 403, mends: CHANGE },
  unsafe_folder: { http: 500, mends: CHANGE },
  /** what a newer peer says with a code that this version does not have */
  unknown_error: { http: 502, mends: CHANGE },
} as const satisfies Record<string, Entry>;

export type LaunchCode = keyof typeof LAUNCH_ERRORS;
export type ServiceCode = keyof typeof SERVICE_ERRORS;
export type ErrorCode = LaunchCode | ServiceCode;

/** The table's line for a code. */
export function describeError(code: ErrorCode): Entry {
  return typeof code === 'number' ? LAUNCH_ERRORS[code] : SERVICE_ERRORS[code];
}

/** Whether it is one of the fixed launch codes (B-N7). */
export function isLaunchCode(code: unknown): code is LaunchCode {
  return typeof code === 'number' && Object.hasOwn(LAUNCH_ERRORS, code);
}

export function isCode(code: unknown): code is ErrorCode {
  return isLaunchCode(code) || (typeof code === 'string' && Object.hasOwn(SERVICE_ERRORS, code));
}
