/** What a part knows of the root of trust, and how it takes newer versions. */

import { TYP } from '#protocol/jose';
import { LIMITS, TIMES } from '#protocol/limits';
import type { Facts } from '#protocol/reasons';
import { type News, type RevocationList, type RootBundle, type SignedRootBundle, Statement } from '#protocol/trust';
import type { Crypto } from '../crypto.ts';
import { type Failure, fail, pass, type Verdict } from '../verdict.ts';
import { readJws, type TokenFault, verified } from './jws.ts';
import { isKeyRevoked, judgeRevocationList, keepsAll } from './revocation.ts';
import { acceptNextBundle, acceptPinnedBundle, type BundleFault } from './root-bundle.ts';

export interface Trust {
  readonly bundle: RootBundle;
  readonly signedBundle: SignedRootBundle;
  /** the bundles that led here, oldest first: passed on to peers that are behind */
  readonly history: readonly SignedRootBundle[];
  readonly list?: RevocationList;
  /** the list as signed; absent once the bundle no longer names its signer: it still refuses, and any valid list replaces it */
  readonly listToken?: string;
}

/**
 * The trust that starts with the pinned bundle and follows its valid successors. `bundles`: oldest
 * first; those before the pinned one are ignored.
 */
export function trustFromPin(crypto: Crypto, bundles: readonly SignedRootBundle[], pin: string): Verdict<Trust, BundleFault> {
  const at = bundles.findIndex(({ payload }) => crypto.sha256(payload) === pin);
  const signedBundle = bundles[at];
  if (signedBundle === undefined) return fail('pin');
  const pinned = acceptPinnedBundle(crypto, signedBundle, pin);
  if (!pinned.ok) return pinned;
  const trust: Trust = { bundle: pinned.value, signedBundle, history: [signedBundle] };
  return pass(follow(crypto, trust, bundles.slice(at + 1)));
}

/** The trust after `news`: takes valid and newer parts, ignores everything else. Never backwards. `now`: by our own clock. */
export function hear(crypto: Crypto, trust: Trust, news: News, now: number): Trust {
  const after = follow(crypto, trust, news.rootBundles ?? []);
  if (news.revocations === undefined || news.revocations === after.listToken) return after;
  const list = judgeRevocationList(crypto, after.bundle, news.revocations);
  return list.ok && replaces(list.value, after, now) ? { ...after, list: list.value, listToken: news.revocations } : after;
}

/** The trust after those of the bundles, oldest first, that succeed its own. */
export function follow(crypto: Crypto, trust: Trust, bundles: readonly SignedRootBundle[]): Trust {
  let after = trust;
  for (const signed of bundles) {
    const next = acceptNextBundle(crypto, after.bundle, signed);
    if (next.ok) after = becomeSucceeded(crypto, after, next.value, signed);
    // One that claims to be the next and is not signed ends it: whoever forges must not make us verify more than one.
    else if (next.why === 'not-signed-by-old' || next.why === 'not-signed-by-new') break;
  }
  return after;
}

/**
 * The trust under a successor bundle. A thief of a revoker's key may have signed a list with the highest possible version: when the
 * bundle drops that key, the list's version must stop counting, or no honest list could ever follow (TUF's fast-forward attack).
 */
function becomeSucceeded(crypto: Crypto, { listToken, ...before }: Trust, bundle: RootBundle, signed: SignedRootBundle): Trust {
  const isVouchedFor = listToken !== undefined && judgeRevocationList(crypto, bundle, listToken).ok;
  return { ...before, bundle, signedBundle: signed, history: [...before.history, signed], ...(isVouchedFor && { listToken }) };
}

/** The higher version wins, then the later signing: a re-signed list proves that the source still answers. None that loses an entry. */
function replaces(heard: RevocationList, { list: held, listToken }: Trust, now: number): boolean {
  if (held === undefined || listToken === undefined) return true;
  const isLater = heard.version > held.version || (heard.version === held.version && heard.iat > held.iat);
  return isLater && keepsAll(heard, held, now);
}

/** The news for a peer that holds `rootVersion` and `listVersion`; undefined when it is up to date. */
export function newsFor(trust: Trust, peer: { rootVersion: number; listVersion: number }): News | undefined {
  const behind = trust.bundle.version - peer.rootVersion;
  // The next ones first, up to the limit of a message: the rest follows with the next exchange.
  const rootBundles = behind > 0 && peer.rootVersion > 0 ? trust.history.slice(-behind).slice(0, LIMITS.newsBundles) : [];
  const revocations = versionsOf(trust).listVersion > peer.listVersion ? trust.listToken : undefined;
  if (rootBundles.length === 0 && revocations === undefined) return undefined;
  return { ...(rootBundles.length > 0 && { rootBundles }), ...(revocations !== undefined && { revocations }) };
}

/** Versions for a hello or a present; a list whose signer is no longer named counts as none. */
export function versionsOf(trust: Trust): { rootVersion: number; listVersion: number } {
  return { rootVersion: trust.bundle.version, listVersion: trust.listToken === undefined ? 0 : (trust.list?.version ?? 0) };
}

export type StatementFault = TokenFault | 'not-yet' | 'expired' | 'lifetime' | 'revoked' | 'role' | 'id' | 'location' | 'tls-key';

/** What is expected of the component behind a statement. Absent members are not checked. */
export interface Expected {
  readonly roles: readonly Statement['role'][];
  readonly id?: string;
  readonly location?: string;
  /** SHA-256 of the TLS peer's actual SPKI */
  readonly tls?: string;
}

/** Whether a trust key of the bundle states that this component is what we expect. Cheap checks first. */
export function judgeStatement(
  crypto: Crypto,
  trust: Trust,
  token: string,
  now: number,
  expected: Expected,
): Verdict<Statement, StatementFault> {
  const read = readJws(crypto, token, TYP.statement, Statement);
  if (!read.ok) return read;
  const said = read.value.unverified;
  if (!expected.roles.includes(said.role)) return fail('role', { found: said.role });
  if (expected.id !== undefined && said.id !== expected.id) return fail('id', { found: said.id });
  if (expected.location !== undefined && said.location !== expected.location) return fail('location', { found: said.location ?? '-' });
  if (expected.tls !== undefined && said.keys.tls !== expected.tls) return fail('tls-key');
  if (said.iat > now + TIMES.leaseSkewSeconds) return fail('not-yet');
  if (said.exp + TIMES.leaseSkewSeconds < now) return fail('expired');
  if (said.exp - said.iat > TIMES.statementSeconds) return fail('lifetime');
  if (isKeyRevoked(trust.list, crypto.thumbprint(said.keys.sign), now)) return fail('revoked');
  const signed = verified(crypto, read.value, trust.bundle.roles.trust);
  return signed.ok ? pass(said) : signed;
}

/** The refusal's facts when a peer's statement does not hold. */
export function strangerFacts({ why, more }: Failure<StatementFault>): Facts<'untrusted_peer'> {
  return more?.found === undefined ? { reason: 'statement', why } : { reason: 'other-peer', why, found: more.found };
}
