/** Files that a configuration names: those that can't be read are told by their path and the system's reason. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { HoldfastError } from '#protocol/errors';

/** What reading `path` failed with, for whoever wrote the configuration. */
export function unreadable(path: string, cause: unknown): HoldfastError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const facts = code === 'ENOENT' ? ({ reason: 'file-missing', path } as const) : ({ reason: 'file-unreadable', path, code } as const);
  return new HoldfastError('bad_config', facts, { cause });
}

/** For files that are read only when they are used: said when the service starts, not when somebody needs it. Throws `bad_config`. */
export async function mustBeReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
