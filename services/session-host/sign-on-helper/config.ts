/** The helper's own file decides for whom it makes passwords: nobody but the user whom it runs as may have written it. */
import { readFileSync, statSync } from 'node:fs';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { SignOnHelperConfig } from '#protocol/session-server';

/** Throws `unsafe_folder`, or `bad_config` naming the wrong field. */
export function openHelperConfig(path: string): SignOnHelperConfig {
  const { uid, mode } = statSync(path);
  if (uid !== process.getuid?.()) throw new HoldfastError('unsafe_folder', { reason: 'other-user', path });
  if ((mode & 0o022) !== 0) throw new HoldfastError('unsafe_folder', { reason: 'open', path, mode: (mode & 0o777).toString(8) });
  return parseJson(SignOnHelperConfig, readFileSync(path, 'utf8'), LIMITS.configBytes, 'bad_config');
}
