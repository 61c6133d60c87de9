/** Whether anything new is given to a person now (B-L5). */
import type { User } from '#protocol/primitives';
import type { RevocationList } from '#protocol/trust';
import { findRevocation } from '../trust/revocation.ts';

/** Why not: they are blocked; or a group is, and whether they are in it is not known. The latter takes nothing away that they have. */
export type Withheld = 'blocked' | 'person-unknown';

/** A lease or ticket issued now (`now`: seconds) would be refused later, so none is issued. */
export function withheldFrom(
  { subject, groups }: Pick<User, 'subject' | 'groups'>,
  list: RevocationList,
  now: number,
): Withheld | undefined {
  const isRefused = (known: readonly string[] | 'unknown') =>
    findRevocation(list, { subject, groups: known, authorizedAt: now }, now) !== undefined;
  if (isRefused(groups ?? [])) return 'blocked';
  return isRefused(groups ?? 'unknown') ? 'person-unknown' : undefined;
}
