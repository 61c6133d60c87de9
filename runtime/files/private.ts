/** Owner-only files and folders; whole files appear at once or not at all. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { nodeDisk, writeFlushed } from './disk.ts';

/** Creates the folder if missing; refuses one that others can enter or that another user owns. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await lstat(path);
  if (!found.isDirectory()) throw new HoldfastError('unsafe_folder', { reason: 'no-folder', path });
  if (process.platform === 'win32') return;
  if (found.uid !== process.getuid?.()) throw new HoldfastError('unsafe_folder', { reason: 'other-user', path });
  if ((found.mode & 0o077) !== 0)
    throw new HoldfastError('unsafe_folder', { reason: 'open', path, mode: (found.mode & 0o777).toString(8) });
}

/** Replaces a file by way of a temporary one beside it: written, flushed to the disk, renamed. */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFlushed(temporary, content, 'wx');
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** The file's text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return (await nodeDisk.read(path))?.toString('utf8');
}
