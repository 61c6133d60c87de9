/** The key pair that the connectors of one location share: made when its first connector enrols, kept from then on. */
import { P256Jwk } from '#protocol/jose';
import { parse, parseJson } from '#protocol/parse';
import { LocationKey } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import { newP256, publicHalf } from '#runtime/jose/sign';
import type { SqlTransaction } from '#runtime/sql/database';
import type { Tables } from './store.ts';

/** Newest first: leases are sealed to the first, older ones open what was sealed before. */
export async function locationKeysOf(sql: SqlTransaction<Tables>, location: string, now: number): Promise<readonly LocationKey[]> {
  const rows = await sql
    .selectFrom('root_location_key')
    .select('key')
    .where('location', '=', location)
    .orderBy('valid_from', 'desc')
    .execute();
  if (rows.length > 0) return rows.map(({ key }) => parseJson(LocationKey, key, 4_096, 'internal'));
  const privateKey = newP256();
  const made: LocationKey = { publicKey: parse(P256Jwk, publicHalf(privateKey), 'internal'), privateKey, from: now };
  await sql
    .insertInto('root_location_key')
    .values({ location, kid: thumbprint(made.publicKey), key: JSON.stringify(made), valid_from: now })
    .execute();
  return [made];
}
