/** `config.json`: which Workspaces and which extensions may use this host, written by `holdfast-host install`. */
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { HostConfig } from '#protocol/vault';
import { readIfThere } from '#runtime/files/private';
import { HOME_FILES } from './home.ts';

/** Throws `forbidden_caller` where nothing is installed, `bad_config` where the file is not what it should be. */
export async function readConfig(home: string): Promise<HostConfig> {
  const text = await readIfThere(join(home, HOME_FILES.config));
  if (text === undefined) throw new HoldfastError('forbidden_caller', 'The host is not set up for any Workspace.');
  return parseJson(HostConfig, text, LIMITS.configBytes, 'bad_config');
}

/** A store that the configuration doesn't name gets nothing, not even the word whether anything is kept for it. */
export function ensureKnownStore(config: HostConfig, store: string): void {
  if (!config.workspaces.some(({ url }) => url === store)) {
    throw new HoldfastError('forbidden_caller', 'This Workspace is not set up on this device.');
  }
}
