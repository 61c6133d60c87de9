/** A copy of a service's database, as an administrator makes one while it runs, and puts it back while the service is stopped. */
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database } from '#protocol/service-config';
import type { Endings } from '../../cli/up/endings.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** SQLite's own way: a whole file of one moment. The result destroys what is there and puts the copy in its place. */
export async function backUp(t: Endings, database: Database): Promise<() => Promise<void>> {
  if (database.kind !== 'sqlite') throw new Error('Backups of PostgreSQL are made by its own programs.');
  const { file } = database;
  const copy = join(await temporaryFolder(t), 'backup.sqlite');
  const opened = new DatabaseSync(file);
  opened.prepare('vacuum into ?').run(copy);
  opened.close();
  return async () => {
    for (const part of ['', '-wal', '-shm']) await rm(`${file}${part}`, { force: true });
    await copyFile(copy, file);
  };
}
