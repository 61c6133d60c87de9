/** The host's folder, created if missing. */
import { isAbsolute } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { ensurePrivateFolder } from '#runtime/files/private';
import { type Environment, homeFolder } from './home.ts';

/** Its absolute path. Throws `unsafe_folder` when another user owns it, others can enter it, or its path is relative. */
export async function openHome(env: Environment): Promise<string> {
  const home = homeFolder(env);
  if (!isAbsolute(home)) throw new HoldfastError('unsafe_folder', { reason: 'home-relative', path: home });
  await ensurePrivateFolder(home);
  return home;
}
