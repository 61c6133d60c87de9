/** The one door to owner-only files. What is written is mode 0600 and on the disk before anybody is told of it. */
import { link, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';

export interface Disk {
  /** undefined when there is no such file */
  read(path: string): Promise<Buffer | undefined>;
  /** creates or replaces, mode 0600, flushed to the disk; not atomic: give it a temporary name */
  write(path: string, content: string | Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** a hard link to the same content; an existing name is left as it is */
  link(from: string, to: string): Promise<void>;
  /** a file, or a folder with everything in it; no error when there is none */
  remove(path: string): Promise<void>;
  /** names in a folder; none when there is no folder */
  list(path: string): Promise<string[]>;
  /** mode 0700 */
  makeFolder(path: string): Promise<void>;
  /** makes created, moved and removed names in it durable */
  flushFolder(path: string): Promise<void>;
  /** whether a file's owner and mode are those we set; undefined when there is no file */
  isPrivate(path: string): Promise<boolean | undefined>;
}

export const nodeDisk: Disk = {
  read: (path) => readFile(path).catch(ignore('ENOENT', undefined)),
  write: (path, content) => writeFlushed(path, content, 'w'),
  rename,
  link: (from, to) => link(from, to).catch(ignore('EEXIST', undefined)),
  remove: (path) => rm(path, { recursive: true, force: true }),
  list: (path) => readdir(path).catch(ignore('ENOENT', [])),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: 0o700 })),
  async flushFolder(path) {
    // Windows has no handle on a folder; its file system orders renames itself.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  async isPrivate(path) {
    const found = await lstat(path).catch(ignore('ENOENT', undefined));
    if (found === undefined) return undefined;
    return process.platform === 'win32' || (found.uid === process.getuid?.() && (found.mode & 0o077) === 0);
  },
};

/** Mode 0600, flushed to the disk. `wx` throws `EEXIST` where there is something already, a link too. */
export async function writeFlushed(path: string, content: string | Uint8Array, flags: 'w' | 'wx'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function ignore<T>(code: string, value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === code) return value;
    throw error;
  };
}
