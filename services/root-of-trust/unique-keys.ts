/** One key, one component: a request to state another component's key is refused. */
import { HoldfastError } from '#protocol/errors';
import type { Statement } from '#protocol/trust';
import { thumbprint } from '#runtime/jose/primitives';
import type { SqlTransaction } from '#runtime/sql/database';
import type { Tables } from './store.ts';

/** Throws `untrusted_peer`. */
export async function requireUnusedKeys(
  sql: SqlTransaction<Tables>,
  { sign, tls }: Pick<Statement['keys'], 'sign' | 'tls'>,
  { role, id }: { readonly role: string; readonly id: string },
): Promise<void> {
  const holders = await sql
    .selectFrom('root_component')
    .select(['role', 'id'])
    .where((eb) => eb.or([eb('kid', '=', thumbprint(sign)), eb('tls', '=', tls)]))
    .execute();
  if (holders.some((holder) => holder.role !== role || holder.id !== id))
    throw new HoldfastError('untrusted_peer', { reason: 'key-taken' });
}
