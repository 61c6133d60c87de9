/**
 * A service's database: SQLite in a file, or PostgreSQL for several instances. The SQL is what both understand: text ids,
 * `bigint` milliseconds or seconds, JSON as text, `on conflict do update`, `returning`; no other types, no triggers.
 */
import { Kysely, sql as statement, type Transaction } from 'kysely';
import { HoldfastError } from '#protocol/errors';
import type { Database as DatabaseConfig } from '#protocol/service-config';
import type { Log } from '../log/log.ts';
import { type Migrations, migrate } from './migrate.ts';

export type Sql<T> = Kysely<T>;
export type SqlTransaction<T> = Transaction<T>;

export interface OpenedDatabase<T> {
  readonly sql: Sql<T>;
  readonly kind: DatabaseConfig['kind'];
  /** Does `work` alone: nobody else is inside `exclusively` of the same name, on any instance. One transaction. */
  exclusively<R>(name: string, work: (sql: SqlTransaction<T>) => Promise<R>): Promise<R>;
  /** For the readiness check: undefined, or what is wrong. */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens the database and brings its tables up to date. `secret` gives the URL of PostgreSQL. Throws `unavailable`. */
export async function openDatabase<T>(
  config: DatabaseConfig,
  migrations: Migrations,
  options: { readonly log: Log; readonly secret: (ref: { value: string } | { file: string }) => string },
): Promise<OpenedDatabase<T>> {
  const dialect = await dialectOf(config, options);
  const sql = new Kysely<T>({ dialect });
  const exclusively: OpenedDatabase<T>['exclusively'] = (name, work) =>
    sql.transaction().execute(async (transaction) => {
      if (config.kind === 'postgres') await lockName(transaction, name);
      return work(transaction);
    });
  try {
    await exclusively('holdfast-schema', (transaction) => migrate(transaction, migrations));
  } catch (cause) {
    await sql.destroy();
    throw new HoldfastError('unavailable', `The database of ${migrations.service}.`, { cause });
  }
  return { sql, kind: config.kind, exclusively, check: () => check(sql), close: () => sql.destroy() };
}

async function dialectOf(config: DatabaseConfig, { log, secret }: Parameters<typeof openDatabase>[2]) {
  if (config.kind === 'sqlite') return (await import('./sqlite.ts')).sqliteDialect(config.file);
  const { postgresDialect } = await import('./postgres.ts');
  return postgresDialect(secret(config.url), (err) => log.warn({ err }, 'A connection to the database was lost.'));
}

/** SQLite's transactions exclude each other anyway; PostgreSQL is asked for a lock that ends with the transaction. */
async function lockName<T>(transaction: SqlTransaction<T>, name: string): Promise<void> {
  await statement`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction);
}

async function check<T>(database: Sql<T>): Promise<string | undefined> {
  try {
    await statement`select 1`.execute(database);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? `The database: ${cause.message}` : 'The database does not answer.';
  }
}
