/** The list's entries in the database. Whoever changes them raises the version first, in the same transaction. */
import { parseJson } from '#protocol/parse';
import { type Revocation, RevokedTarget } from '#protocol/trust';
import type { Sql, SqlTransaction } from '#runtime/sql/database';
import { ROW_BYTES, type Tables } from './store.ts';

const LIST = 'revocations';

export interface KnownEntry {
  readonly position: number;
  readonly entry: Revocation;
  /** taken away by an administrator */
  readonly isRemoved: boolean;
}

/** In the order in which they were made. */
export async function entriesOf(sql: Sql<Tables>): Promise<readonly KnownEntry[]> {
  const rows = await sql.selectFrom('root_block').selectAll().orderBy('position').execute();
  return rows.map(({ position, target, valid_from, until, forget, removed_at }) => ({
    position,
    entry: { target: parseJson(RevokedTarget, target, ROW_BYTES, 'internal'), from: valid_from, until, forget },
    isRemoved: removed_at !== null,
  }));
}

export async function versionOf(sql: Sql<Tables>): Promise<number> {
  return (await sql.selectFrom('root_list').select('version').where('name', '=', LIST).executeTakeFirstOrThrow()).version;
}

/** Above its own and `least`. First in every change: locks the row until the transaction ends, so that changes are serialized. */
export async function raiseVersion(sql: SqlTransaction<Tables>, least = 0): Promise<void> {
  await sql
    .updateTable('root_list')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('name', '=', LIST)
    .execute();
  await sql
    .updateTable('root_list')
    .set({ version: least + 1 })
    .where('name', '=', LIST)
    .where('version', '<=', least)
    .execute();
}

export async function insertEntry(sql: SqlTransaction<Tables>, { target, from, until, forget }: Revocation): Promise<void> {
  const last = await sql.selectFrom('root_block').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst();
  const row = { position: (last?.position ?? 0) + 1, target: JSON.stringify(target), valid_from: from, until, forget, removed_at: null };
  await sql.insertInto('root_block').values(row).execute();
}

/** They stay in the list as removed: an entry that is only missing may have been lost. */
export async function removeEntries(sql: SqlTransaction<Tables>, positions: readonly number[], now: number): Promise<void> {
  await sql.updateTable('root_block').set({ removed_at: now }).where('position', 'in', positions).execute();
}

/** `past`: what is certainly over. */
export async function forgetOld(sql: SqlTransaction<Tables>, past: number): Promise<void> {
  await sql.deleteFrom('root_block').where('forget', '<', past).execute();
}
