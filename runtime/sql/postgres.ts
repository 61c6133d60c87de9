/**
 * Kysely over PostgreSQL. Every wait has a timeout: for a connection, a statement, a lock, the next statement of a transaction. Keys and
 * sessions travel there, so over TLS whose certificate is checked; on this machine itself it may be without.
 */
import { CompiledQuery, type DatabaseConnection, type Dialect, PostgresDialect, PostgresDriver } from 'kysely';
import type { PoolClient, PoolConfig } from 'pg';
import { poolOver } from './postgres-pool.ts';
import { parsePostgresUrl } from './postgres-url.ts';

const CONNECTIONS = 8;
/** Object id of `bigint` in PostgreSQL's catalogue. */
const INT8 = 20;

/** Milliseconds. */
export interface PostgresWaits {
  readonly connectMs: number;
  readonly statementMs: number;
}
const WAITS: PostgresWaits = { connectMs: 2_000, statementMs: 5_000 };

/** `onLost` is called for broken connections; new ones are opened without it. Throws `bad_config` for an invalid URL, or one that leads to another machine without TLS. */
export async function postgresDialect(url: string, onLost: (error: Error) => void, waits = WAITS): Promise<Dialect> {
  // Loaded only where it is used: a service on SQLite does not need it.
  const { default: pg } = await import('pg');
  const { hosts, account } = parsePostgresUrl(url);
  const settings: PoolConfig = {
    ...account,
    max: CONNECTIONS,
    connectionTimeoutMillis: waits.connectMs,
    query_timeout: waits.statementMs,
    // Times are milliseconds since 1970 and counts are small: both fit a number, which is what SQLite gives too.
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
    // With one host, what can be read is read while nothing can be written.
    ...(hosts.length > 1 && { verify: demandWrites }),
  };
  const opens = hosts.map((host) => () => {
    const pool = new pg.Pool({ ...settings, ...host });
    pool.on('error', onLost);
    // The pool listens to idle connections only: one that breaks in the middle of a query would end the process.
    pool.on('connect', (client) => void client.on('error', onLost));
    return pool;
  });
  const config = { pool: poolOver(opens) };
  const dialect = new PostgresDialect(config);
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => new BoundedDriver(config, waits.statementMs),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** Fails a new connection as the server would its first write. */
function demandWrites(client: PoolClient, done: (fault?: Error) => void): void {
  client.query<{ transaction_read_only: string }>('show transaction_read_only', (fault: Error | null, result) => {
    if (fault !== null) done(fault);
    else if (result.rows[0]?.transaction_read_only === 'off') done();
    else done(Object.assign(new Error('The database takes no writes.'), { code: '25006' }));
  });
}

/**
 * An instance that hangs in a transaction must not hold the others' locks for as long as it hangs. Said in each transaction, and not
 * once for a connection: a pooler in transaction mode refuses settings when a connection starts, and hands later ones to others.
 */
class BoundedDriver extends PostgresDriver {
  readonly #begin: CompiledQuery;

  constructor(config: ConstructorParameters<typeof PostgresDriver>[0], statementMs: number) {
    super(config);
    const settings = ['statement_timeout', 'idle_in_transaction_session_timeout'].map((name) => `set local ${name} = ${statementMs}`);
    this.#begin = CompiledQuery.raw(['begin', ...settings].join('; '));
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(this.#begin);
  }
}
