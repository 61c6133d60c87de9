/** What a database's error means to whoever runs it, as opposed to a faulty query, which is a bug. */

/** A reason of `unavailable`. `database`: it is away or busy, and asking again, here or elsewhere, may succeed. */
export type DatabaseFault = 'database' | 'database-damaged' | 'database-full' | 'database-read-only' | 'database-refused';

/** The first that matches. SQLSTATE, by class where the whole class is meant. */
const SQLSTATES: readonly (readonly [RegExp, DatabaseFault])[] = [
  [/^25006$/u, 'database-read-only'],
  [/^53100$/u, 'database-full'],
  // sign-in; no such database; no right to use it
  [/^(?:28|3D000$|42501$)/u, 'database-refused'],
  // connection, resources, operator; idle transaction, query cancelled, serialization, deadlock
  [/^(?:08|53|57P|25P03$|57014$|40001$|40P01$)/u, 'database'],
  [/^(?:ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/u, 'database'],
];
/** The PostgreSQL client has no codes for what it finds itself. */
const MESSAGES = /timeout exceeded when trying to connect|Query read timeout|Connection terminated|not queryable/u;

/** By SQLite's primary result codes: busy, locked; read-only; input or output, not a database, corrupt; full. */
const SQLITE: Readonly<Record<number, DatabaseFault>> = {
  5: 'database',
  6: 'database',
  8: 'database-read-only',
  10: 'database-damaged',
  11: 'database-damaged',
  13: 'database-full',
  26: 'database-damaged',
};

/** Undefined: not the database's fault. */
export function databaseFault(thrown: unknown): DatabaseFault | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (code === 'ERR_SQLITE_ERROR') return 'errcode' in thrown ? SQLITE[Number(thrown.errcode) & 0xff] : undefined;
  return SQLSTATES.find(([pattern]) => pattern.test(code))?.[1] ?? (MESSAGES.test(thrown.message) ? 'database' : undefined);
}

/** Whether the PostgreSQL client gave a query up whose answer may still come. */
export function isGivenUp(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message === 'Query read timeout';
}
