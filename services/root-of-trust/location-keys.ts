/**
 * The key pairs that the connectors of one location share. The first is made when its first connector enrols, the next when a connector
 * loses its place there. Leases are sealed to the newest; older ones open what was sealed before.
 */
import { neededLocationKeys } from '#core/trust/location-keys';
import { P256Jwk } from '#protocol/jose';
import { parse, parseJson } from '#protocol/parse';
import { LocationKey } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import { newP256, publicHalf } from '#runtime/jose/sign';
import type { SqlTransaction } from '#runtime/sql/database';
import { ROW_BYTES, type Tables } from './store.ts';

/** Newest first; the first is made if there is none. */
export async function locationKeysOf(sql: SqlTransaction<Tables>, location: string, now: number): Promise<readonly LocationKey[]> {
  const known = await kept(sql, location);
  return known.length > 0 ? known : [await make(sql, location, now)];
}

/** Makes a newer one, to which leases are sealed from then on. Those that are needed no more are forgotten. */
export async function addLocationKey(sql: SqlTransaction<Tables>, location: string, now: number): Promise<void> {
  const [newest] = await kept(sql, location);
  // Two keys made in the same second would have no order.
  await make(sql, location, Math.max(now, (newest?.from ?? 0) + 1));
  const all = await kept(sql, location);
  const needed = neededLocationKeys(all, now);
  for (const { publicKey } of all.filter((key) => !needed.includes(key)))
    await sql.deleteFrom('root_location_key').where('kid', '=', thumbprint(publicKey)).execute();
}

export async function isLocationKeyKnown(sql: SqlTransaction<Tables>, kid: string): Promise<boolean> {
  return (await sql.selectFrom('root_location_key').select('kid').where('kid', '=', kid).executeTakeFirst()) !== undefined;
}

async function kept(sql: SqlTransaction<Tables>, location: string): Promise<readonly LocationKey[]> {
  const rows = await sql
    .selectFrom('root_location_key')
    .select('key')
    .where('location', '=', location)
    .orderBy('valid_from', 'desc')
    .execute();
  return rows.map(({ key }) => parseJson(LocationKey, key, ROW_BYTES, 'internal'));
}

async function make(sql: SqlTransaction<Tables>, location: string, from: number): Promise<LocationKey> {
  const privateKey = newP256();
  const made: LocationKey = { publicKey: parse(P256Jwk, publicHalf(privateKey), 'internal'), privateKey, from };
  await sql
    .insertInto('root_location_key')
    .values({ location, kid: thumbprint(made.publicKey), key: JSON.stringify(made), valid_from: from })
    .execute();
  return made;
}
