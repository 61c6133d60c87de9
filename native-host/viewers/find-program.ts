/** Finds programs in the system's folders only, never on the user's PATH, where anybody may have put something first. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin', '/usr/local/bin', '/bin', '/snap/bin'],
  darwin: ['/usr/bin', '/opt/homebrew/bin', '/usr/local/bin', '/opt/X11/bin'],
  win32: ['C:\\Windows\\System32', 'C:\\Windows\\System32\\OpenSSH', 'C:\\Program Files\\TigerVNC', 'C:\\Program Files\\FreeRDP'],
};

/** Absolute path of the first executable of `names`, or undefined. */
export function findProgram(...names: readonly string[]): string | undefined {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const name of names) {
    const found = (FOLDERS[process.platform] ?? []).map((folder) => join(folder, `${name}${suffix}`)).find(isRunnable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An absolute path from the owner-only configuration, if executable. */
export function configuredProgram(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) && isRunnable(path) ? path : undefined;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
