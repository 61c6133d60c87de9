/**
 * What a component knows of all others: of each of their keys the newest statement, whether it was heard now or before. A replaced key
 * stays for as long as it is good. An answer that lacks one takes nothing away, for a root of trust that was restored from a backup lacks
 * some: only the list and its own end do that.
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
  const newest = new Map<string, { readonly token: string; readonly said: Statement }>();
  for (const token of held) {
    const read = readJws(crypto, token, TYP.statement, Statement);
    if (!read.ok) continue;
    const { unverified: said } = read.value;
    const kid = crypto.thumbprint(said.keys.sign);
    if (said.exp + TIMES.leaseSkewSeconds >= now && !revoked.has(kid)) newest.set(kid, { token, said });
  }
  const known = new Set(held);
  for (const token of heard) {
    if (known.has(token)) continue;
    const judged = judgeStatement(crypto, trust, token, now, { roles: Role.options });
    if (!judged.ok) continue;
    const { value: said } = judged;
    const kid = crypto.thumbprint(said.keys.sign);
    // Of two of one second the one heard later counts.
    if (said.iat >= (newest.get(kid)?.said.iat ?? 0)) newest.set(kid, { token, said });
  }
  const byName = [...newest.values()].sort(({ said: a }, { said: b }) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return byName.map(({ token }) => token);
}

function nameOf({ role, id }: Statement): string {
  return `${role} ${id}`;
}

function revokedKeys(list: RevocationList | undefined, now: number): ReadonlySet<string> {
  const begun = list?.entries.filter(({ from }) => from <= Math.max(now, list.iat)) ?? [];
  return new Set(begun.flatMap(({ target }) => (target.kind === 'key' ? [target.kid] : [])));
}
