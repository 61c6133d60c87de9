/** How a device judges a lease on its own disk: whether to try it, and if not, why. Its clock only dims; it never grants. */
import { TYP } from '#protocol/jose';
import { type LeaseFiles, LeaseMetadata } from '#protocol/lease';
import type { Crypto, Unseal } from '../crypto.ts';
import { openJws } from '../trust/jws.ts';
import type { Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export interface HeldLease {
  readonly metadata: LeaseMetadata;
  /** presented in an exchange in place of the sealed metadata */
  readonly metadataJws: string;
}

/** The owner that the folder belongs to. */
export interface Owner {
  readonly workspace: string;
  readonly subject: string;
  readonly jkt: string;
}

/** 3002: not for this device or unreadable; 3003, 3004: incomplete; 3006: expired; 3007: altered or mixed. */
export type HeldFault = 3002 | 3003 | 3004 | 3006 | 3007;

/** Opens a held lease. `now` is the larger of the device's clock and the highest signed time it has seen, in seconds. */
export function judgeHeldLease(
  crypto: Crypto,
  trust: Trust,
  unseal: Unseal,
  files: LeaseFiles,
  owner: Owner,
  now: number,
): Verdict<HeldLease, HeldFault> {
  const jws = unseal(files.metadata);
  if (jws === undefined) return fail(3002, { reason: 'not-sealed-here' });
  const opened = openJws(crypto, jws, TYP.metadata, LeaseMetadata, trust.bundle.roles.issuer);
  if (!opened.ok) return fail(3007, { reason: 'token', why: opened.why });
  const metadata = opened.value;
  if (metadata.sub !== owner.subject || metadata.workspace !== owner.workspace || metadata.cnf.jkt !== owner.jkt)
    return fail(3007, { reason: 'other-owner' });
  if (crypto.sha256(files.common) !== metadata.digests.common || crypto.sha256(files.location) !== metadata.digests.location) {
    return fail(3007, { reason: 'files-mixed' });
  }
  if (metadata.locations.length === 0) return fail(3003);
  if (metadata.locations.every(({ connectors, gateways }) => connectors.length + gateways.length === 0)) return fail(3004);
  return metadata.exp < now ? fail(3006, { reason: 'ended', at: metadata.exp }) : pass({ metadata, metadataJws: jws });
}
