/**
 * What a component knows of all others: of each the newest statement, whether it was heard now or before. An answer that lacks one
 * takes nothing away, for a root of trust that was restored from a backup lacks some: only the list and its own end do that.
 */
import { TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import { type RevocationList, Role, Statement } from '#protocol/trust';
import type { Crypto } from '../crypto.ts';
import { readJws } from './jws.ts';
import { judgeStatement, type Trust } from './trust.ts';

/** `held`: verified before. Of those `heard`, the ones that don't verify now are ignored. In the order of their names. */
export function newestStatements(
  crypto: Crypto,
  trust: Trust,
  held: readonly string[],
  heard: readonly string[],
  now: number,
): readonly string[] {
  const revoked = revokedKeys(trust.list, now);
  const newest = new Map<string, { readonly token: string; readonly iat: number }>();
  for (const token of held) {
    const read = readJws(crypto, token, TYP.statement, Statement);
    if (!read.ok) continue;
    const { unverified: said } = read.value;
    if (said.exp + TIMES.leaseSkewSeconds < now || revoked.has(crypto.thumbprint(said.keys.sign))) continue;
    newest.set(nameOf(said), { token, iat: said.iat });
  }
  const known = new Set(held);
  for (const token of heard) {
    if (known.has(token)) continue;
    const judged = judgeStatement(crypto, trust, token, now, { roles: Role.options });
    if (!judged.ok) continue;
    const name = nameOf(judged.value);
    const before = newest.get(name);
    // Of two of one second the one heard later counts.
    if (before === undefined || judged.value.iat >= before.iat) newest.set(name, { token, iat: judged.value.iat });
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { token }]) => token);
}

function nameOf({ role, id }: Statement): string {
  return `${role} ${id}`;
}

function revokedKeys(list: RevocationList | undefined, now: number): ReadonlySet<string> {
  const begun = list?.entries.filter(({ from }) => from <= Math.max(now, list.iat)) ?? [];
  return new Set(begun.flatMap(({ target }) => (target.kind === 'key' ? [target.kid] : [])));
}
