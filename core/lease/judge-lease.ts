/**
 * Whether a presented lease may be redeemed here and now. The checks run top to bottom, cheap before expensive;
 * each yields the code that the device receives (B-N7). Decided by this side's clock: the device's does not count.
 */
import { TYP } from '#protocol/jose';
import { type LeaseFiles, type LeaseLocation, LeaseMetadata } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Crypto } from '../crypto.ts';
import { readJws, type Unverified, verified } from '../trust/jws.ts';
import { judgeBearer, judgeFreshness } from '../trust/revocation.ts';
import type { Trust } from '../trust/trust.ts';
import { fail, failForNow, pass, type Verdict } from '../verdict.ts';

export interface ShownLease {
  /** the inner metadata JWS and the two other files as they lie on the device's disk */
  readonly files: LeaseFiles;
  /** thumbprint of the key whose possession the device proved (here, or at a gateway) */
  readonly jkt: string;
  /** the location that the device wants served */
  readonly location: string;
}

export interface RedeemedLease {
  readonly metadata: LeaseMetadata;
  readonly location: LeaseLocation;
}

interface Step {
  readonly crypto: Crypto;
  readonly shown: Omit<ShownLease, 'location'>;
  /** the location that the device wants served; undefined: it asks about all of them */
  readonly location: string | undefined;
  readonly trust: Trust;
  readonly now: number;
  readonly token: Unverified<LeaseMetadata>;
  readonly metadata: LeaseMetadata;
}
type Check = (step: Step) => Verdict<true, LeaseFault>;

/**
 * 3003: it names no location; 3006: it has expired; 3007: altered, mixed, or not the issuer's; 3020: another device's, or our list is
 * too old; 3021: it does not name this location; 3022: blocked.
 */
export type LeaseFault = 3003 | 3006 | 3007 | 3020 | 3021 | 3022;

const CHECKS: readonly Check[] = [
  isForThisTenant,
  isInTime,
  namesLocation,
  belongsToDevice,
  holdsTogether,
  hasFreshList,
  isNotRevoked,
  isSignedByIssuer,
];

/** The verified lease and the requested location. `now`: seconds, this side's clock. */
export function judgeLease(crypto: Crypto, trust: Trust, shown: ShownLease, now: number): Verdict<RedeemedLease, LeaseFault> {
  const judged = judge(crypto, trust, shown, shown.location, now);
  if (!judged.ok) return judged;
  const location = judged.value.locations.find(({ id }) => id === shown.location);
  return location === undefined ? fail(3021) : pass({ metadata: judged.value, location });
}

/** The verified lease, of which its device asks about every location. `now`: seconds, this side's clock. */
export function judgeWholeLease(
  crypto: Crypto,
  trust: Trust,
  shown: Omit<ShownLease, 'location'>,
  now: number,
): Verdict<LeaseMetadata, LeaseFault> {
  return judge(crypto, trust, shown, undefined, now);
}

function judge(
  crypto: Crypto,
  trust: Trust,
  shown: Step['shown'],
  location: string | undefined,
  now: number,
): Verdict<LeaseMetadata, LeaseFault> {
  const read = readJws(crypto, shown.files.metadata, TYP.metadata, LeaseMetadata);
  if (!read.ok) return fail(3007, { reason: 'token', why: read.why });
  const step: Step = { crypto, shown, location, trust, now, token: read.value, metadata: read.value.unverified };
  for (const check of CHECKS) {
    const verdict = check(step);
    if (!verdict.ok) return verdict;
  }
  return pass(step.metadata);
}

function isForThisTenant({ metadata, trust }: Step): Verdict<true, LeaseFault> {
  return metadata.tenant === trust.bundle.tenant ? pass(true) : fail(3007, { reason: 'other-tenant' });
}

function isInTime({ metadata, now }: Step): Verdict<true, LeaseFault> {
  if (metadata.iat > now + TIMES.leaseSkewSeconds) return fail(3007, { reason: 'dated-ahead' });
  if (metadata.exp - metadata.iat > TIMES.leaseDaysMax * 86_400) return fail(3007, { reason: 'too-long' });
  return metadata.exp + TIMES.leaseSkewSeconds >= now ? pass(true) : fail(3006);
}

function namesLocation({ metadata, location }: Step): Verdict<true, LeaseFault> {
  if (metadata.locations.length === 0) return fail(3003);
  const named = location === undefined || metadata.locations.some(({ id }) => id === location);
  return named ? pass(true) : fail(3021, { reason: 'not-in-lease' });
}

function belongsToDevice({ metadata, shown }: Step): Verdict<true, LeaseFault> {
  return metadata.cnf.jkt === shown.jkt ? pass(true) : fail(3020, { reason: 'other-device' });
}

function holdsTogether({ crypto, metadata, shown }: Step): Verdict<true, LeaseFault> {
  const common = crypto.sha256(shown.files.common) === metadata.digests.common;
  const location = crypto.sha256(shown.files.location) === metadata.digests.location;
  return common && location ? pass(true) : fail(3007, { reason: 'files-mixed' });
}

function hasFreshList({ trust, metadata, now }: Step): Verdict<true, LeaseFault> {
  const fresh = judgeFreshness(trust.list, metadata.revocation, now);
  return fresh.ok
    ? pass(true)
    : failForNow(3020, fresh.more?.age === undefined ? { reason: 'no-list' } : { reason: 'list-stale', age: fresh.more.age });
}

function isNotRevoked({ trust, metadata, now }: Step): Verdict<true, LeaseFault> {
  return judgeBearer(trust.list, { subject: metadata.sub, jkt: metadata.cnf.jkt, lease: metadata.lease, authorizedAt: metadata.iat }, now);
}

function isSignedByIssuer({ crypto, token, trust }: Step): Verdict<true, LeaseFault> {
  return verified(crypto, token, trust.bundle.roles.issuer).ok ? pass(true) : fail(3007, { reason: 'not-signed' });
}
