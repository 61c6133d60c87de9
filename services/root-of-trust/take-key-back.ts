/**
 * A key that the ledger doesn't know, with a good statement of this root of trust for it: the database was restored from a backup older
 * than the statement. It is entered again, unless the component has a newer one.
 */
import { judgeStatement } from '#core/trust/trust';
import { Role } from '#protocol/trust';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import { trustOfAuthority } from './authority.ts';
import { currentKeyOf, enterStatement, keyNamed, type LedgerKey } from './ledger.ts';
import { isLocationKeyKnown } from './location-keys.ts';
import type { Root } from './root.ts';
import type { Tables } from './store.ts';
import { changeLocationKey } from './withdraw-keys.ts';

/** `shown`: the statement that came with the request. Undefined when it vouches for nothing. */
export async function takeKeyBack(root: Root, sql: SqlTransaction<Tables>, kid: string, shown: unknown): Promise<LedgerKey | undefined> {
  if (typeof shown !== 'string') return undefined;
  const trust = trustOfAuthority(root.authority.current(), root.revocations.held().list);
  const judged = judgeStatement(nodeCrypto, trust, shown, root.now(), { roles: Role.options });
  if (!judged.ok || thumbprint(judged.value.keys.sign) !== kid) return undefined;
  const { role, id, location, keys, iat, exp } = judged.value;
  const { enc, ...own } = keys;
  const current = await currentKeyOf(sql, { role, id });
  if (current !== undefined && (current.removed_at !== null || current.stated_at >= iat)) return undefined;
  await enterStatement(sql, { role, id, location, keys: own, by: 'rotation' }, shown, iat, exp);
  root.log.error({ role, component: id, kid }, 'The database was restored from a backup: a key that it has lost was taken back.');
  // Leases that are sealed to a key that only the connectors have are no use to the next one.
  const isLost = enc !== undefined && !(await isLocationKeyKnown(sql, thumbprint(enc)));
  if (location !== undefined && isLost) await changeLocationKey(root, sql, location);
  return keyNamed(sql, kid);
}
