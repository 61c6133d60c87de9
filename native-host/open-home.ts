/** The host's folder, created if missing. */
import { realpath } from 'node:fs/promises';
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
  // It may be a link of the person's own to a larger disk: what counts is where it leads.
  const real = await realpath(home).catch(() => home);
  await ensurePrivateFolder(real);
  return real;
}
