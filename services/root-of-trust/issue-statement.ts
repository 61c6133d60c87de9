/** Issues a component's statement: signed, entered in the ledger, with the location keys of a connector. */
import { TIMES } from '#protocol/limits';
import type { LocationKey } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { enterStatement, keyNamed, type StatementFor } from './ledger.ts';
import { locationKeysOf } from './location-keys.ts';
import type { Root } from './root.ts';
import type { Tables } from './store.ts';

export interface IssuedStatement {
  readonly statement: string;
  /** newest first; none but for connectors */
  readonly locationKeys: readonly LocationKey[];
}

export async function issueStatement(root: Root, sql: SqlTransaction<Tables>, wanted: StatementFor): Promise<IssuedStatement> {
  const { role, id, location, keys } = wanted;
  const now = root.now();
  const locationKeys = role === 'connector' && location !== undefined ? await locationKeysOf(sql, location, now) : [];
  const enc = locationKeys[0]?.publicKey;
  const since = (await keyNamed(sql, thumbprint(keys.sign)))?.since ?? now;
  const ends = Math.min(now + TIMES.statementSeconds, since + TIMES.componentKeyEndSeconds);
  const statement = root.authority.signStatement({ role, id, location, keys: { ...keys, ...(enc !== undefined && { enc }) } }, now, ends);
  await enterStatement(sql, wanted, statement, now, ends);
  return { statement, locationKeys };
}
