/** Maps every refusal to one B-N7 code. */
import { type ErrorCode, HoldfastError, isLaunchCode, type LaunchCode } from '#protocol/errors';

const BY_WORD: Partial<Record<ErrorCode, LaunchCode>> = {
  blocked: 3022,
  not_entitled: 3022,
  timeout: 3023,
  unavailable: 3023,
  missing_viewer: 3026,
  missing_program: 3026,
  not_found: 3021,
};

export function launchCodeOf(code: ErrorCode): LaunchCode {
  return isLaunchCode(code) ? code : (BY_WORD[code] ?? 3020);
}

/** `otherwise`: for unexpected errors. */
export function codeOfThrown(thrown: unknown, otherwise: LaunchCode): LaunchCode {
  return thrown instanceof HoldfastError ? launchCodeOf(thrown.code) : otherwise;
}
