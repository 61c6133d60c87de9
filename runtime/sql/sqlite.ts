/**
 * Kysely over the SQLite that Node carries. One connection; transactions begin `immediate`, so that what was read in one
 * is still true when it writes. WAL with synchronous=FULL: a commit that was answered survives a power cut.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { HoldfastError } from '#protocol/errors';

/** Prepared statements kept; services have a few dozen. */
const STATEMENTS_MAX = 200;
/** ms to wait for another process that writes */
const BUSY_MS = 2_000;

/** `file` may be `:memory:`. Its folder is made, both are the owner's alone. */
export function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => sqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function open(file: string): DatabaseSync {
  const database = openFile(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  return database;
}

/** Throws `bad_config` when the file can't be made or opened. */
function openFile(file: string): DatabaseSync {
  if (file === ':memory:') return new DatabaseSync(file);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file, { timeout: BUSY_MS });
    chmodSync(file, 0o600);
    return database;
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'database-file', path: file }, { cause });
  }
}

function sqliteDriver(file: string): Driver {
  let database: DatabaseSync | undefined;
  let connection: DatabaseConnection | undefined;
  const run = (connected: DatabaseConnection, sql: string) => connected.executeQuery(CompiledQuery.raw(sql)).then(() => {});
  return {
    async init() {
      database = open(file);
      connection = sqliteConnection(database);
    },
    /** Kysely hands it out to one caller at a time (its adapter has a single connection), so a transaction is never mixed with other statements. */
    async acquireConnection() {
      if (connection === undefined) throw new Error('The database was never opened.');
      return connection;
    },
    beginTransaction: (connected) => run(connected, 'begin immediate'),
    commitTransaction: (connected) => run(connected, 'commit'),
    rollbackTransaction: (connected) => run(connected, 'rollback'),
    async releaseConnection() {},
    /** Pending callers still get the connection, and then an error that the database is closed. */
    async destroy() {
      database?.close();
    },
  };
}

function sqliteConnection(database: DatabaseSync): DatabaseConnection {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    // A pragma may take effect while it is prepared: a cached one would do nothing the second time.
    if (sql.startsWith('pragma ')) return statement;
    if (prepared.size >= STATEMENTS_MAX) prepared.delete(prepared.keys().next().value ?? '');
    prepared.set(sql, statement);
    return statement;
  };
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = prepare(sql);
      const values = parameters.map(toSqlite);
      // Kysely's own contract: the rows are what the query's type says.
      if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
      const { changes } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes) };
    },
    streamQuery(): AsyncIterableIterator<never> {
      throw new Error('Streams are not part of the SQL that Holdfast uses.');
    },
  };
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  throw new TypeError('Only texts, whole numbers and null are part of the SQL that Holdfast uses.');
}
