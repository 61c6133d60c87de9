/**
 * Names that people were seen with, as a Workspace tells them: so that a block of a name that nobody has is noticed (B-L5). They vouch for
 * nothing, and nothing but the administration of blocks reads them.
 */
import type { Known, SeenName } from '#protocol/cloud-api';
import { TIMES } from '#protocol/limits';
import { canonicalName } from '#protocol/names';
import type { RevokedTarget } from '#protocol/trust';
import type { SqlTransaction } from '#runtime/sql/database';
import type { Store, Tables } from './store.ts';

type KnownName = Tables['root_known_name'];

/** A name is kept for as long as the longest block that was made when it was last seen is listed. */
const KEPT_SECONDS = (365 + TIMES.leaseDaysMax) * 86_400;
/** Kept at most, some 100 MB: whoever has a Workspace's key could tell any number. Those that were seen longest ago give way. */
const NAMES_MAX = 500_000;

/** `now`: seconds. `most`: names that are kept. */
export async function noteSeen({ exclusively }: Store, names: readonly SeenName[], now: number, most = NAMES_MAX): Promise<void> {
  // Two spellings of a group are one row, and one statement may not change it twice.
  const rows = new Map(names.map((name) => rowOf(name, now)).map((row) => [keyOf(row), row]));
  if (rows.size === 0) return;
  await exclusively('known-names', async (sql) => {
    await sql
      .insertInto('root_known_name')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.columns(['name', 'kind']).doUpdateSet(({ ref }) => ({ alias: ref('excluded.alias'), seen_at: ref('excluded.seen_at') })),
      )
      .execute();
    await forget(sql, now, most);
  });
}

async function forget(sql: SqlTransaction<Tables>, now: number, most: number): Promise<void> {
  const beyond = await sql
    .selectFrom('root_known_name')
    .select('seen_at')
    .orderBy('seen_at', 'desc')
    .limit(1)
    .offset(most)
    .executeTakeFirst();
  const oldest = Math.max(now - KEPT_SECONDS, (beyond?.seen_at ?? -1) + 1);
  await sql.deleteFrom('root_known_name').where('seen_at', '<', oldest).execute();
}

function rowOf(seen: SeenName, now: number): KnownName {
  switch (seen.kind) {
    case 'user':
      return { kind: 'user', name: seen.subject, alias: canonicalName(seen.upn ?? '') ?? null, seen_at: now };
    case 'group':
      return { kind: 'group', name: canonicalName(seen.group) ?? '', alias: null, seen_at: now };
    case 'device':
      return { kind: 'device', name: seen.jkt, alias: null, seen_at: now };
  }
}

/** The people who are meant: by subject, or else by a user principal name that they were last seen with; the newest first, `limit` at most. */
export async function peopleNamed({ sql }: Store, name: string, limit: number): Promise<readonly string[]> {
  if (await isKnown({ sql }, 'user', name)) return [name];
  const people = sql
    .selectFrom('root_known_name')
    .select('name')
    .where('kind', '=', 'user')
    .where('alias', '=', canonicalName(name) ?? '');
  const rows = await people.orderBy('seen_at', 'desc').limit(limit).execute();
  return rows.map((row) => row.name);
}

export async function isKnown({ sql }: Pick<Store, 'sql'>, kind: SeenName['kind'], name: string): Promise<boolean> {
  const found = sql.selectFrom('root_known_name').select('kind').where('kind', '=', kind).where('name', '=', name);
  return (await found.executeTakeFirst()) !== undefined;
}

/** What is known of each target; a lease is in no record. */
export async function knownOf({ sql }: Pick<Store, 'sql'>, targets: readonly RevokedTarget[]): Promise<readonly (Known | undefined)[]> {
  if (targets.length === 0) return [];
  const wanted = targets.map(nameOf);
  const names = wanted.map(({ name }) => name);
  const rows = await sql.selectFrom('root_known_name').selectAll().where('name', 'in', names).execute();
  const keys = await sql.selectFrom('root_key').select(['kid', 'role', 'id', 'stated_at']).where('kid', 'in', names).execute();
  const known = new Map<string, Known>([
    ...rows.map((row): [string, Known] => [keyOf(row), { seen: row.seen_at, ...(row.alias !== null && { as: row.alias }) }]),
    ...keys.map((key): [string, Known] => [keyOf({ kind: 'key', name: key.kid }), { seen: key.stated_at, as: `${key.role} ${key.id}` }]),
  ]);
  return wanted.map((one) => known.get(keyOf(one)));
}

interface KindAndName {
  readonly kind: RevokedTarget['kind'];
  readonly name: string;
}

function nameOf(target: RevokedTarget): KindAndName {
  switch (target.kind) {
    case 'user':
      return { kind: 'user', name: target.subject };
    case 'group':
      return { kind: 'group', name: canonicalName(target.group) ?? '' };
    case 'device':
      return { kind: 'device', name: target.jkt };
    case 'lease':
      return { kind: 'lease', name: target.lease };
    case 'key':
      return { kind: 'key', name: target.kid };
  }
}

function keyOf({ kind, name }: KindAndName): string {
  return `${kind} ${name}`;
}
