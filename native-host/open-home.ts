/** The host's folder, created if missing. */
import { isAbsolute } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { mustBeOutOfReach } from '#runtime/files/ownership';
import { ensurePrivateFolder } from '#runtime/files/private';
import { type Environment, homeFolder } from './home.ts';

/**
 * Its absolute path. Throws `unsafe_folder` when another user owns it, others can enter it, others could put another in its place, or its
 * path is relative.
 */
export function openHome(env: Environment): Promise<string> {
  return openHomeAt(homeFolder(env));
}

export async function openHomeAt(home: string): Promise<string> {
  if (!isAbsolute(home)) throw new HoldfastError('unsafe_folder', { reason: 'home-relative', path: home });
  await mustBeOutOfReach(home);
  await ensurePrivateFolder(home);
  return home;
}
