/** The revocation list: which one is newer, whom it refuses, and whether it is fresh enough. */
import { TYP } from '#protocol/jose';
import type { RevocationPolicy } from '#protocol/lease';
import { LIMITS, TIMES } from '#protocol/limits';
import { type Revocation, RevocationList, type RootBundle } from '#protocol/trust';
import { hasName } from '../access/name-set.ts';
import type { Crypto } from '../crypto.ts';
import { fail, failForNow, pass, type Verdict } from '../verdict.ts';
import { openLargeJws, type TokenFault } from './jws.ts';

/** A list signed by one of the bundle's revoker keys. */
export function judgeRevocationList(crypto: Crypto, bundle: RootBundle, token: string): Verdict<RevocationList, TokenFault> {
  return openLargeJws(crypto, token, TYP.revocations, RevocationList, bundle.roles.revoker, LIMITS.revocationListBytes);
}

/**
 * What is known of the bearer. A gateway knows no groups; the connector behind it does. `unknown`: the person's provider did not say, so that
 * a block of any group may be theirs and holds for them.
 */
export interface Bearer {
  readonly subject?: string;
  readonly groups?: readonly string[] | 'unknown';
  readonly jkt?: string;
  readonly lease?: string;
  /** seconds: when the lease or ticket was issued */
  readonly authorizedAt: number;
}

/**
 * The entry that refuses the bearer at `now`, if any. Whatever was issued before a block's end stays refused after it (B-L5):
 * only a lease made after `until` is good again.
 */
export function findRevocation(list: RevocationList, bearer: Bearer, now: number): Revocation | undefined {
  return list.entries.find((entry) => hasBegun(entry, list, now) && bearer.authorizedAt < entry.until && isAimedAt(entry, bearer));
}

/** An entry has begun if it had begun by the signer's clock: our slow clock must not delay a block. */
function hasBegun({ from }: Revocation, list: RevocationList, now: number): boolean {
  return from <= Math.max(now, list.iat);
}

/** Whether the list admits the bearer. 3022: blocked; 3020, for now: there is no list, and then all are denied (B-G5). */
export function judgeBearer(list: RevocationList | undefined, bearer: Bearer, now: number): Verdict<true, 3020 | 3022> {
  if (list === undefined) return failForNow(3020, { reason: 'no-list' });
  return findRevocation(list, bearer, now) === undefined ? pass(true) : fail(3022, { reason: 'blocked' });
}

function isAimedAt({ target }: Revocation, bearer: Bearer): boolean {
  switch (target.kind) {
    case 'user':
      return target.subject === bearer.subject;
    case 'group':
      return bearer.groups === 'unknown' || (bearer.groups !== undefined && hasName(bearer.groups, target.group));
    case 'device':
      return target.jkt === bearer.jkt;
    case 'lease':
      return target.lease === bearer.lease;
    case 'key':
      return false;
  }
}

/** Whether a component's sign key (by thumbprint) is revoked. */
export function isKeyRevoked(list: RevocationList | undefined, kid: string, now: number): boolean {
  return list?.entries.some((entry) => entry.target.kind === 'key' && entry.target.kid === kid && hasBegun(entry, list, now)) ?? false;
}

/**
 * Whether every entry of `held` that may still be needed is in `heard`, or was taken away there. A list without this follows from a
 * database that was turned back, or from a signer's clock that is far ahead, and would end blocks that nobody ended: an entry is past by two
 * clocks, the signer's and our own (`now`).
 */
export function keepsAll(heard: RevocationList, held: RevocationList, now: number): boolean {
  const known = new Set([...heard.entries, ...(heard.removed ?? [])].map((entry) => JSON.stringify(entry)));
  return held.entries.every((entry) => entry.forget < Math.min(heard.iat, now) || known.has(JSON.stringify(entry)));
}

export type Staleness = 'no-list' | 'stale';

/**
 * `strict` relies on a list of at most 5 minutes, `best-effort` on one of at most `maxStaleSeconds` (default: the lease period).
 * A list dated as far ahead is refused too, because its age is unknown. Without a list everything is denied (B-G5).
 */
export function judgeFreshness(
  list: RevocationList | undefined,
  policy: RevocationPolicy,
  now: number,
): Verdict<RevocationList, Staleness> {
  if (list === undefined) return fail('no-list');
  const allowed = policy.mode === 'strict' ? TIMES.strictStalenessSeconds : policy.maxStaleSeconds;
  const age = now - list.iat;
  if (age > allowed) return fail('stale', { age });
  return -age > allowed ? fail('stale', { age }) : pass(list);
}
