/**
 * Keeps compiled code in the host's own folder, so that the next start is faster. Never in a shared temporary folder, and only
 * where the folder is owner-only: its content is executed. Imports nothing else of the host but the folder's names.
 */
import { lstatSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { HOME_FILES } from './home.ts';

export function useCodeCache(home: string): void {
  const found = lstatSync(home, { throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return;
  if (process.platform !== 'win32' && (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)) return;
  enableCompileCache(join(home, HOME_FILES.codeCache));
}
