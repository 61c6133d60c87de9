/**
 * Withdraws a component's keys: all of them, because a thief of one may have had others stated since, and of one whose statement has ended
 * may ask for another. What a connector knew of its location is known to the thief, too: its other connectors get a new key of the location.
 */
import { TIMES } from '#protocol/limits';
import { parse, parseJson } from '#protocol/parse';
import { ComponentKeys, Role } from '#protocol/trust';
import type { SqlTransaction } from '#runtime/sql/database';
import { issueStatement } from './issue-statement.ts';
import { isInForce, keysInUse, keysOf, type LedgerKey, markWithdrawn, type Named } from './ledger.ts';
import { addLocationKey } from './location-keys.ts';
import type { Root } from './root.ts';
import { ROW_BYTES, type Tables } from './store.ts';

/** All but `kept`, at once. Returns how many. `root.revocations.tell` when the transaction is committed. */
export async function withdrawKeys(root: Root, sql: SqlTransaction<Tables>, named: Named, kept?: string): Promise<number> {
  const now = root.now();
  const lost = (await keysOf(sql, named)).filter(({ kid }) => kid !== kept);
  const inForce = lost.filter((key) => isInForce(key, now));
  await withdraw(root, sql, inForce, now);
  const known = lost.flatMap(({ role, location }) => (role === 'connector' && location !== null ? [location] : []));
  for (const location of new Set(known)) await changeLocationKey(root, sql, location);
  return inForce.length;
}

/**
 * These keys, from the given moment on. The list names them for as long as a statement made until then may last, whether there is a good one
 * now or not: it also tells a root of trust whose database was restored.
 */
export async function withdraw(root: Root, sql: SqlTransaction<Tables>, keys: readonly LedgerKey[], from: number): Promise<void> {
  for (const { kid } of keys) {
    const end = from + TIMES.statementSeconds + TIMES.leaseSkewSeconds;
    await root.revocations.enter(sql, { target: { kind: 'key', kid }, from, until: end, forget: end });
  }
  await markWithdrawn(
    sql,
    keys.map(({ kid }) => kid),
    from,
  );
}

/** Leases are sealed to the key that the connectors' statements name, so they are stated anew; each fetches the private half when it sees that. */
export async function changeLocationKey(root: Root, sql: SqlTransaction<Tables>, location: string): Promise<void> {
  await addLocationKey(sql, location, root.now());
  const connectors = (await keysInUse(sql)).filter((key) => key.role === 'connector' && key.location === location);
  for (const { role, id, keys, by } of connectors)
    await issueStatement(root, sql, {
      role: parse(Role, role, 'internal'),
      id,
      location,
      keys: parseJson(ComponentKeys, keys, ROW_BYTES, 'internal'),
      by,
    });
  root.log.warn({ location, connectors: connectors.length }, 'The key of a location was replaced.');
}
