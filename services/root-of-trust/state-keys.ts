/** States a component's keys: the statement, entered in the ledger, and a connector's location keys. */
import { TIMES } from '#protocol/limits';
import type { LocationKey } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { enterStatement, keyNamed, type Stating } from './ledger.ts';
import { locationKeysOf } from './location-keys.ts';
import type { Root } from './root.ts';
import type { Tables } from './store.ts';

export interface StatedKeys {
  readonly statement: string;
  /** newest first; none but for connectors */
  readonly locationKeys: readonly LocationKey[];
}

export async function stateKeys(root: Root, sql: SqlTransaction<Tables>, stating: Stating): Promise<StatedKeys> {
  const { role, id, location, keys } = stating;
  const now = root.now();
  const locationKeys = role === 'connector' && location !== undefined ? await locationKeysOf(sql, location, now) : [];
  const enc = locationKeys[0]?.publicKey;
  const since = (await keyNamed(sql, thumbprint(keys.sign)))?.since ?? now;
  const ends = Math.min(now + TIMES.statementSeconds, since + TIMES.componentKeyEndSeconds);
  const statement = root.authority.state({ role, id, location, keys: { ...keys, ...(enc !== undefined && { enc }) } }, now, ends);
  await enterStatement(sql, stating, statement, now, ends);
  return { statement, locationKeys };
}
