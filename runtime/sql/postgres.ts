/**
 * Kysely over PostgreSQL. Every wait has a timeout: for a connection, a statement, a lock, the next statement of a transaction. Keys and
 * sessions travel there, so over TLS whose certificate is checked; on this machine itself it may be without.
 */
import { isIPv6 } from 'node:net';
import { type Dialect, PostgresDialect } from 'kysely';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Origin } from '#protocol/primitives';

const CONNECTIONS = 8;
const CONNECT_MS = 2_000;
const STATEMENT_MS = 5_000;
/** Object id of `bigint` in PostgreSQL's catalogue. */
const INT8 = 20;

/** Throws `bad_config` for a URL that leads to another machine and wants no TLS, or whatever certificate. `onLost` is called for broken connections; the pool opens new ones by itself. */
export async function postgresDialect(url: string, onLost: (error: Error) => void): Promise<Dialect> {
  // Loaded only where it is used: a service on SQLite does not need it.
  const { default: pg } = await import('pg');
  // What the URL says of TLS goes before.
  const at = { connectionString: url, ssl: true };
  const { host, ssl } = new pg.Client(at);
  const isHere = isThisMachine(host);
  if (!isHere && !isChecked(ssl)) throw new HoldfastError('bad_config', { reason: 'database-plain', host });
  const pool = new pg.Pool({
    ...(isHere ? { connectionString: url } : at),
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    statement_timeout: STATEMENT_MS,
    // An instance that hangs in a transaction must not hold the others' locks for as long as it hangs.
    idle_in_transaction_session_timeout: STATEMENT_MS,
    // Times are milliseconds since 1970 and counts are small: both fit a number, which is what SQLite gives too.
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  pool.on('error', onLost);
  // The pool listens to idle connections only: one that breaks in the middle of a query would end the process.
  pool.on('connect', (client) => void client.on('error', onLost));
  return new PostgresDialect({ pool });
}

/** A path is that of a Unix socket. */
function isThisMachine(host: string): boolean {
  return host.startsWith('/') || v.is(Origin, `http://${isIPv6(host) ? `[${host}]` : host}`);
}

/** As the client has read it from the URL: whether, and with which settings. */
function isChecked(ssl: unknown): boolean {
  if (typeof ssl !== 'object' || ssl === null) return ssl === true;
  return !('rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false) && !('checkServerIdentity' in ssl);
}
