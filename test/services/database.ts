/** The database of one test: SQLite in its own folder, or a new one in the PostgreSQL that HOLDFAST_TEST_DATABASE names. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Database } from '#protocol/service-config';
import { temporaryFolder } from './temporary-folder.ts';

export async function testDatabase(t: TestContext): Promise<Database> {
  const server = process.env['HOLDFAST_TEST_DATABASE'] ?? 'sqlite';
  if (server === 'sqlite') return { kind: 'sqlite', file: join(await temporaryFolder(t), 'test.sqlite') };
  const name = `holdfast_${randomBytes(8).toString('hex')}`;
  await administer(server, `create database ${name}`);
  t.after(() => administer(server, `drop database ${name} with (force)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { kind: 'postgres', url: { value: url.href } };
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
