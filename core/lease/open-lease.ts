/** The parts that only the connectors of a lease's location can read: the person, and the host pool. */

import * as v from 'valibot';
import { SealedParts, TYP, type Typ } from '#protocol/jose';
import { LeaseCommon, LeaseLocationDetails } from '#protocol/lease';
import { LIMITS } from '#protocol/limits';
import type { Crypto, Unseal } from '../crypto.ts';
import { openJws } from '../trust/jws.ts';
import { type Bearer, judgeBearer } from '../trust/revocation.ts';
import type { Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';
import type { RedeemedLease, ShownLease } from './judge-lease.ts';

export interface LocationKeyRing {
  /** thumbprint of each location key we hold -> how to open what is sealed to it */
  readonly [kid: string]: Unseal;
}

export interface OpenedLease {
  readonly common: LeaseCommon;
  readonly details: LeaseLocationDetails;
}

/** 3004: nothing in it is for this location; 3007: altered or mixed; 3020: there is no list yet; 3022: the person is blocked, perhaps by a group. */
export type OpeningFault = 3004 | 3007 | 3020 | 3022;

/** Opens the common and location files of a lease that passed `judgeLease`, and checks that all three agree. */
export function openLease(
  crypto: Crypto,
  trust: Trust,
  keys: LocationKeyRing,
  shown: ShownLease,
  { metadata }: RedeemedLease,
  now: number,
): Verdict<OpenedLease, OpeningFault> {
  const common = openPart(crypto, trust, keys, shown.files.common, TYP.common, LeaseCommon);
  if (!common.ok) return common;
  const details = openPart(crypto, trust, keys, shown.files.location, TYP.location, LeaseLocationDetails);
  if (!details.ok) return details;
  if (common.value.user.subject !== metadata.sub || common.value.cnf.jkt !== metadata.cnf.jkt) return fail(3007, { reason: 'files-mixed' });
  if (details.value.location !== shown.location) return fail(3007, { reason: 'files-mixed' });
  const bearer: Bearer = {
    subject: metadata.sub,
    groups: common.value.user.groups ?? 'unknown',
    jkt: metadata.cnf.jkt,
    lease: metadata.lease,
    authorizedAt: metadata.iat,
  };
  const allowed = judgeBearer(trust.list, bearer, now);
  return allowed.ok ? pass({ common: common.value, details: details.value }) : allowed;
}

function openPart<S extends v.GenericSchema>(
  crypto: Crypto,
  trust: Trust,
  keys: LocationKeyRing,
  file: string,
  typ: Typ,
  schema: S,
): Verdict<v.InferOutput<S>, OpeningFault> {
  const parts = readParts(file);
  if (parts === undefined) return fail(3007, { reason: 'files-mixed' });
  for (const [kid, jwe] of Object.entries(parts)) {
    const jws = keys[kid]?.(jwe);
    if (jws === undefined) continue;
    const opened = openJws(crypto, jws, typ, schema, trust.bundle.roles.issuer);
    return opened.ok ? opened : fail(3007, { reason: 'token', why: opened.why });
  }
  return fail(3004, { reason: 'not-for-location' });
}

function readParts(file: string): SealedParts | undefined {
  if (file.length > LIMITS.tokenBytes) return undefined;
  try {
    const parsed = v.safeParse(SealedParts, JSON.parse(file));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
