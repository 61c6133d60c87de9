/** A copy of a service's database, as an administrator makes one while it runs, and puts it back while the service is stopped. */
import { spawnSync } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database } from '#protocol/service-config';
import { readSecret } from '#runtime/service/config';
import type { Endings } from '../../cli/up/endings.ts';
import { findProgram } from '../setup/find.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** By the database's own way. The result destroys what is there and puts the copy in its place. */
export function backUp(t: Endings, database: Database): Promise<() => Promise<void>> {
  return database.kind === 'sqlite' ? backUpFile(t, database.file) : backUpPostgres(t, readSecret(database.url));
}

/** A whole file of one moment. */
async function backUpFile(t: Endings, file: string): Promise<() => Promise<void>> {
  const copy = join(await temporaryFolder(t), 'backup.sqlite');
  const opened = new DatabaseSync(file);
  opened.prepare('vacuum into ?').run(copy);
  opened.close();
  return async () => {
    for (const part of ['', '-wal', '-shm']) await rm(`${file}${part}`, { force: true });
    await copyFile(copy, file);
  };
}

async function backUpPostgres(t: Endings, url: string): Promise<() => Promise<void>> {
  const copy = join(await temporaryFolder(t), 'backup.dump');
  run('pg_dump', ['--format', 'custom', '--file', copy, url]);
  return async () => run('pg_restore', ['--clean', '--if-exists', '--exit-on-error', '--dbname', url, copy]);
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(findProgram(program) ?? program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}
