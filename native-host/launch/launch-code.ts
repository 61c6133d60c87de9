/** Maps every refusal to one B-N7 code. */
import { type ErrorCode, HoldfastError, isLaunchCode, type LaunchCode } from '#protocol/errors';
import { diskTrouble } from '../disk-trouble.ts';

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

/** A thrown value as a refusal with a launch code. `otherwise`: for unexpected errors. */
export function asLaunchError(thrown: unknown, otherwise: LaunchCode): HoldfastError {
  if (thrown instanceof HoldfastError && isLaunchCode(thrown.code)) return thrown;
  const trouble = diskTrouble(thrown);
  if (trouble !== undefined) return new HoldfastError(3026, { reason: `disk-${trouble}` }, { cause: thrown });
  return new HoldfastError(codeOfThrown(thrown, otherwise), undefined, { cause: thrown });
}

/** `otherwise`: for unexpected errors. */
export function codeOfThrown(thrown: unknown, otherwise: LaunchCode): LaunchCode {
  return thrown instanceof HoldfastError ? launchCodeOf(thrown.code) : otherwise;
}
