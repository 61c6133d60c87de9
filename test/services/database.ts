/**
 * The database of one test. HOLDFAST_TEST_DATABASE says which kind: `sqlite` (default), `postgres` (the run's own cluster), or
 * the URL of a PostgreSQL server in which databases may be made.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '#protocol/service-config';
import type { Endings } from '../../cli/up/endings.ts';
import { freshDatabase } from '../postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

export async function testDatabase(t: Endings): Promise<Database> {
  const server = process.env['HOLDFAST_TEST_DATABASE'] ?? 'sqlite';
  if (server === 'sqlite') return sqliteDatabase(t);
  if (server === 'postgres') {
    const { url, release } = await freshDatabase();
    t.after(release);
    return { kind: 'postgres', url: { value: url } };
  }
  const name = `holdfast_${randomBytes(8).toString('hex')}`;
  await administer(server, `create database ${name}`);
  t.after(() => administer(server, `drop database ${name} with (force)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { kind: 'postgres', url: { value: url.href } };
}

export async function sqliteDatabase(t: Endings): Promise<Database> {
  return { kind: 'sqlite', file: join(await temporaryFolder(t), 'test.sqlite') };
}

async function administer(server: string, statement: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
