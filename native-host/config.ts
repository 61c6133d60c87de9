/** `config.json`: which Workspaces and which extensions may use this host, written by `holdfast-host install`. */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { HostConfig } from '#protocol/vault';
import { mustBeOutOfReach, mustBeWrittenByUs } from '#runtime/files/ownership';
import { readIfThere } from '#runtime/files/private';
import { HOME_FILES } from './home.ts';

/** For all users of this device, by `install --scope system`; a user's own configuration takes precedence. */
export const SYSTEM_CONFIG = process.platform === 'linux' ? '/etc/holdfast/host.json' : undefined;

/**
 * Throws `forbidden_caller` when nothing is installed, `bad_config` when the file is invalid, `unsafe_folder`
 * when anybody but the user or root could have written the user's file, or anybody but root the system's.
 */
export async function readConfig(home: string, systemFile: string | undefined = SYSTEM_CONFIG): Promise<HostConfig> {
  const own = join(home, HOME_FILES.config);
  await mustBeWrittenByUs(own);
  const text = (await readIfThere(own)) ?? (await readSystemFile(systemFile));
  if (text === undefined) throw new HoldfastError('forbidden_caller', { reason: 'no-workspace' });
  return parseJson(HostConfig, text, LIMITS.configBytes, 'bad_config');
}

async function readSystemFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const byRoot = found.uid === 0 && found.isFile() && (found.mode & 0o022) === 0;
  if (!byRoot) throw new HoldfastError('unsafe_folder', { reason: 'writable', path });
  await mustBeOutOfReach(path);
  return readFile(path, 'utf8');
}

/** A Workspace missing from the configuration gets nothing, not even whether anything is kept for it. */
export function ensureKnownWorkspace(config: HostConfig, workspace: string): void {
  if (!config.workspaces.some(({ url }) => url === workspace)) {
    throw new HoldfastError('forbidden_caller', { reason: 'workspace-unknown' });
  }
}
