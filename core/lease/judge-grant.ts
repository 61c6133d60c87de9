/** Session grants: what a session host checks before it joins a device to its server. */
import { TYP } from '#protocol/jose';
import { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Crypto } from '../crypto.ts';
import { readJws, verified } from '../trust/jws.ts';
import { type Bearer, judgeBearer } from '../trust/revocation.ts';
import { judgeStatement, type Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export interface ShownGrant {
  readonly grant: string;
  /** trust statement of the broker or connector that signed it */
  readonly statement: string;
  /** thumbprint of the key that the device proves to hold */
  readonly jkt: string;
}

/** 3020: not a valid grant here; 3022: its bearer is blocked. */
export type GrantFault = 3020 | 3022;

/** Who judges. `startedAt`: seconds; it remembers used grants only from then on, so older ones are refused. */
export interface GrantedHost {
  readonly id: string;
  readonly location: string;
  readonly startedAt: number;
}

/** A connector may broker only for its own location (B-R6); the cloud's broker for all. */
export function judgeGrant(crypto: Crypto, trust: Trust, shown: ShownGrant, host: GrantedHost, now: number): Verdict<Grant, GrantFault> {
  const read = readJws(crypto, shown.grant, TYP.grant, Grant);
  if (!read.ok) return fail(3020, { reason: 'token', why: read.why });
  const grant = read.value.unverified;
  if (grant.aud !== host.id || grant.location !== host.location) return fail(3020, { reason: 'other-session-host' });
  if (grant.cnf.jkt !== shown.jkt) return fail(3020, { reason: 'other-device' });
  if (grant.exp + TIMES.ticketSkewSeconds < now || grant.iat - TIMES.ticketSkewSeconds > now) return fail(3020, { reason: 'too-old' });
  if (grant.iat < host.startedAt) return fail(3020, { reason: 'older-than-host' });
  if (grant.exp - grant.iat > TIMES.grantSeconds) return fail(3020, { reason: 'too-long' });
  const allowed = judgeBearer(trust.list, bearerOf(grant), now);
  if (!allowed.ok) return allowed;
  const signer = judgeStatement(crypto, trust, shown.statement, now, { roles: ['broker', 'connector'] });
  if (!signer.ok) return fail(3020, { reason: 'signer', why: signer.why });
  if (signer.value.role === 'connector' && signer.value.location !== host.location) return fail(3020, { reason: 'signer-elsewhere' });
  return verified(crypto, read.value, [signer.value.keys.sign]).ok ? pass(grant) : fail(3020, { reason: 'not-signed' });
}

/** For ending running sessions when the list changes (B-L5). */
export function bearerOf(grant: Grant): Bearer {
  return {
    subject: grant.user.subject,
    groups: grant.user.groups ?? 'unknown',
    jkt: grant.cnf.jkt,
    ...(grant.lease !== undefined && { lease: grant.lease }),
    authorizedAt: grant.authorizedAt,
  };
}
