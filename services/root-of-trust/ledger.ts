/**
 * The ledger: every key that was ever stated, whose it was and what became of it. No row is removed, so a key that was withdrawn
 * or was another component's never comes back, and a component that enrols again or is removed loses all its keys, not the newest only.
 */
import { HoldfastError } from '#protocol/errors';
import type { ComponentKeys, Role } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import type { Sql, SqlTransaction } from '#runtime/sql/database';
import type { Tables } from './store.ts';

export type LedgerKey = Tables['root_key'];

/** A component by its name. */
export interface Named {
  readonly role: string;
  readonly id: string;
}

/** A component, and the keys that its statement names. */
export interface StatementFor {
  readonly role: Role;
  readonly id: string;
  readonly location?: string | undefined;
  readonly keys: ComponentKeys;
  readonly by: LedgerKey['by'];
}

export function keyNamed(sql: Sql<Tables>, kid: string): Promise<LedgerKey | undefined> {
  return sql.selectFrom('root_key').selectAll().where('kid', '=', kid).executeTakeFirst();
}

/** The key that stands for the component now; withdrawn perhaps, until it enrols again. */
export function currentKeyOf(sql: SqlTransaction<Tables>, { role, id }: Named): Promise<LedgerKey | undefined> {
  return currentKeys(sql).where('role', '=', role).where('id', '=', id).executeTakeFirst();
}

/** All of those that are in use, a component each, in the order of their names. */
export function keysInUse(sql: Sql<Tables>): Promise<LedgerKey[]> {
  return currentKeys(sql).where('withdrawn_at', 'is', null).orderBy('role').orderBy('id').execute();
}

function currentKeys(sql: Sql<Tables>) {
  return sql.selectFrom('root_key').selectAll().where('replaced_at', 'is', null);
}

/** The component's keys, newest first. */
export function keysOf(sql: SqlTransaction<Tables>, { role, id }: Named): Promise<LedgerKey[]> {
  return sql.selectFrom('root_key').selectAll().where('role', '=', role).where('id', '=', id).orderBy('since', 'desc').execute();
}

/** Throws `untrusted_peer` when one of them was ever stated for somebody else, or for itself and was withdrawn. */
export async function mustBeFree(sql: SqlTransaction<Tables>, { sign, tls }: ComponentKeys, { role, id }: Named): Promise<void> {
  const kid = thumbprint(sign);
  const holders = await sql
    .selectFrom('root_key')
    .selectAll()
    .where((eb) => eb.or([eb('kid', '=', kid), eb('tls', '=', tls)]))
    .execute();
  for (const holder of holders) {
    if (holder.role !== role || holder.id !== id || holder.kid !== kid || holder.tls !== tls)
      throw new HoldfastError('untrusted_peer', { reason: 'key-taken' });
    if (holder.withdrawn_at !== null) throw new HoldfastError('untrusted_peer', { reason: 'key-withdrawn' });
  }
}

/** Enters a statement: of a new key, which takes the place of the former one, or of a known one again. */
export async function enterStatement(
  sql: SqlTransaction<Tables>,
  said: StatementFor,
  statement: string,
  now: number,
  ends: number,
): Promise<void> {
  const { role, id, location, keys, by } = said;
  const kid = thumbprint(keys.sign);
  await sql
    .updateTable('root_key')
    .set({ replaced_at: now })
    .where('role', '=', role)
    .where('id', '=', id)
    .where('kid', '!=', kid)
    .where('replaced_at', 'is', null)
    .execute();
  const last = { location: location ?? null, statement, stated_at: now, ends, replaced_at: null };
  const row = { ...last, kid, role, id, tls: keys.tls, keys: JSON.stringify(keys), by, since: now, withdrawn_at: null, removed_at: null };
  await sql
    .insertInto('root_key')
    .values(row)
    .onConflict((conflict) => conflict.column('kid').doUpdateSet(last))
    .execute();
}

/** Whether nobody has withdrawn it: a new statement may be made for it, though its last one has ended. */
export function isInForce({ withdrawn_at }: LedgerKey, now: number): boolean {
  return withdrawn_at === null || withdrawn_at > now;
}

export async function markWithdrawn(sql: SqlTransaction<Tables>, kids: readonly string[], at: number): Promise<void> {
  if (kids.length > 0) await sql.updateTable('root_key').set({ withdrawn_at: at }).where('kid', 'in', kids).execute();
}

/** The component is no longer of the site: it isn't listed until it enrols again. */
export async function markRemoved(sql: SqlTransaction<Tables>, { role, id }: Named, at: number): Promise<void> {
  await sql.updateTable('root_key').set({ removed_at: at }).where('role', '=', role).where('id', '=', id).execute();
}
