/**
 * A service's database: SQLite in a file, or PostgreSQL for several instances. The SQL is what both understand: text ids,
 * `bigint` milliseconds or seconds, JSON as text, `on conflict do update`, `returning`; no other types, no triggers.
 */
import { Kysely, sql as statement, type Transaction } from 'kysely';
import { HoldfastError } from '#protocol/errors';
import type { Database as DatabaseConfig } from '#protocol/service-config';
import type { Log } from '../log/log.ts';
import { databaseFault } from './faults.ts';
import { type Migrations, migrate, tryWrite } from './migrate.ts';

export type Sql<T> = Kysely<T>;
export type SqlTransaction<T> = Transaction<T>;

/**
 * When a transaction's writes reach the disk: before it is answered, or soon after, so that a power cut may lose the last of
 * them (whole transactions, never halves). A flush takes 0.1 ms on a fast disk at rest and several on a busy one.
 */
export type Kept = 'at once' | 'soon';

export interface OpenedDatabase<T> {
  readonly sql: Sql<T>;
  readonly kind: DatabaseConfig['kind'];
  /** Runs `work` exclusively: nobody else is inside `exclusively` of the same name, on any instance. One transaction. */
  exclusively<R>(name: string, work: (sql: SqlTransaction<T>) => Promise<R>, kept?: Kept): Promise<R>;
  /** For the readiness check: undefined when the database takes a write, else what is wrong. */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Opens the database and brings its tables up to date. `secret` gives the URL of PostgreSQL. Throws `unavailable`, or `bad_config` for what its administrator has to mend. */
export async function openDatabase<T>(
  config: DatabaseConfig,
  migrations: Migrations,
  options: { readonly log: Log; readonly secret: (ref: { value: string } | { file: string }) => string },
): Promise<OpenedDatabase<T>> {
  const dialect = await dialectOf(config, options);
  const sql = new Kysely<T>({ dialect });
  const exclusively: OpenedDatabase<T>['exclusively'] = (name, work, kept = 'at once') => {
    const alone = async (transaction: SqlTransaction<T>) => {
      if (config.kind === 'postgres') await lockName(transaction, name);
      if (config.kind === 'postgres' && kept === 'soon') await statement`set local synchronous_commit = off`.execute(transaction);
      return work(transaction);
    };
    if (config.kind === 'sqlite' && kept === 'soon') return withoutFlush(sql, (connected) => connected.transaction().execute(alone));
    return sql.transaction().execute(alone);
  };
  try {
    await exclusively('holdfast-schema', (transaction) => migrate(transaction, migrations));
  } catch (cause) {
    await sql.destroy();
    if (cause instanceof HoldfastError) throw cause;
    throw notOpened(migrations.service, cause);
  }
  return { sql, kind: config.kind, exclusively, check: onceAtATime(() => check(sql, migrations)), close: () => sql.destroy() };
}

function notOpened(service: string, cause: unknown): HoldfastError {
  const fault = databaseFault(cause) ?? 'database';
  if (fault === 'database-refused') return new HoldfastError('bad_config', { reason: fault, service }, { cause });
  if (fault === 'database') return new HoldfastError('unavailable', { reason: 'database-of', service }, { cause });
  return new HoldfastError('unavailable', { reason: fault }, { cause });
}

async function dialectOf(config: DatabaseConfig, { log, secret }: Parameters<typeof openDatabase>[2]) {
  if (config.kind === 'sqlite') return (await import('./sqlite.ts')).sqliteDialect(config.file);
  const { postgresDialect } = await import('./postgres.ts');
  return postgresDialect(secret(config.url), (err) => log.warn({ err }, 'Lost a connection to the database.'));
}

/** SQLite's transactions exclude each other anyway; PostgreSQL takes a lock that ends with the transaction. */
async function lockName<T>(transaction: SqlTransaction<T>, name: string): Promise<void> {
  await statement`select pg_advisory_xact_lock(hashtext(${name}))`.execute(transaction);
}

/** SQLite decides for a connection, and only between transactions. */
function withoutFlush<T, R>(sql: Sql<T>, work: (connected: Sql<T>) => Promise<R>): Promise<R> {
  return sql.connection().execute(async (connected) => {
    await statement`pragma synchronous = normal`.execute(connected);
    try {
      return await work(connected);
    } finally {
      await statement`pragma synchronous = full`.execute(connected);
    }
  });
}

/** A database that is silent is not asked again while it is: monitors would use up its connections. */
function onceAtATime<R>(ask: () => Promise<R>): () => Promise<R> {
  let asking: Promise<R> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function check<T>(database: Sql<T>, migrations: Migrations): Promise<string | undefined> {
  try {
    await tryWrite(database, migrations);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? `The database: ${cause.message}` : 'The database does not answer.';
  }
}
