/** Whether an error means that the database is unavailable or busy, as opposed to a faulty query. */

/** SQLSTATE classes: connection, resources, operator intervention; and the idle transaction timeout. */
const SQLSTATE = /^(?:08|53|57P|25P03)/u;
const NETWORK = /^(?:ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH)/u;
/** SQLite's result codes for busy and locked. */
const SQLITE_BUSY = new Set([5, 6]);

/** True: asking again, here or elsewhere, may succeed. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (code === 'ERR_SQLITE_ERROR')
    return 'errcode' in thrown && typeof thrown.errcode === 'number' && SQLITE_BUSY.has(thrown.errcode & 0xff);
  // The PostgreSQL client identifies its own timeouts by their message only.
  return (
    SQLSTATE.test(code) ||
    NETWORK.test(code) ||
    /timeout exceeded when trying to connect|Query read timeout|Connection terminated/u.test(thrown.message)
  );
}
