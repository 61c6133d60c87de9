/**
 * Makes leases: claims from a resolution, signed and sealed by the holder of the keys.
 * Files that are equal for many resources are made once: `LeaseBuilder` remembers them for one user and device.
 */
import type { Device } from '#protocol/cloud-api';
import { type P256Jwk, TYP } from '#protocol/jose';
import type { LeaseCommon, LeaseFiles, LeaseLocationDetails, LeaseMetadata } from '#protocol/lease';
import type { ResourceRef, User } from '#protocol/primitives';
import type { Leasable } from '../access/resolve.ts';
import { resourceRef } from '../access/resource-key.ts';
import type { Crypto, NewId, Seal, Signer } from '../crypto.ts';

export interface IssuingFor {
  readonly tenant: string;
  readonly workspace: string;
  readonly user: User;
  readonly device: Device;
  /** seconds: now and how long the leases last */
  readonly iat: number;
  readonly leaseSeconds: number;
}

export interface IssuingWith {
  readonly crypto: Crypto;
  readonly signer: Signer;
  readonly seal: Seal;
  readonly newId: NewId;
  /** the keys that a location's connectors share; more than one while a key is being replaced */
  readonly locationKeys: (location: string) => readonly P256Jwk[];
}

export interface BuiltLease {
  readonly lease: string;
  readonly resource: ResourceRef;
  readonly files: LeaseFiles;
  readonly digests: { readonly common: string; readonly location: string };
}

/** A device refreshes its leases once a day (B-N4), seconds. */
const REFRESH_AFTER = 86_400;

/** Builds leases for one person's device. Equal common and location files yield identical text. */
export function leaseBuilder(target: IssuingFor, means: IssuingWith): (leasable: Leasable) => BuiltLease {
  const once = new Map<string, { file: string; digest: string }>();
  const times = { iat: target.iat, exp: target.iat + target.leaseSeconds };

  /** One part per location key: the signed content, sealed to it. */
  const sealedFile = (typ: string, parts: readonly (readonly [location: string, claims: LeaseCommon | LeaseLocationDetails])[]) => {
    const key = JSON.stringify([typ, parts]);
    const known = once.get(key);
    if (known !== undefined) return known;
    const sealed: Record<string, string> = {};
    for (const [location, claims] of parts) {
      const jws = means.signer.sign(typ, claims);
      for (const reader of means.locationKeys(location)) sealed[means.crypto.thumbprint(reader)] = means.seal(jws, reader);
    }
    const file = JSON.stringify(sealed);
    const made = { file, digest: means.crypto.sha256(file) };
    once.set(key, made);
    return made;
  };

  return (leasable) => {
    const shared: LeaseCommon = {
      user: target.user,
      cnf: { jkt: target.device.jkt },
      deliveryGroup: leasable.deliveryGroup,
      entitledBy: leasable.entitledBy,
      ...times,
    };
    const details = (location: string): LeaseLocationDetails => ({
      location,
      hostPool: leasable.hostPools?.[location] ?? leasable.deliveryGroup,
      ...(leasable.assignedSessionHost !== undefined && { assignedSessionHost: leasable.assignedSessionHost }),
      ...times,
    });
    const common = sealedFile(
      TYP.common,
      leasable.locations.map(({ id }) => [id, shared] as const),
    );
    const location = sealedFile(
      TYP.location,
      leasable.locations.map(({ id }) => [id, details(id)] as const),
    );
    const metadata: LeaseMetadata = {
      lease: means.newId(),
      tenant: target.tenant,
      workspace: target.workspace,
      sub: target.user.subject,
      cnf: { jkt: target.device.jkt },
      resource: leasable.resource,
      locations: [...leasable.locations],
      ...times,
      refreshAfter: target.iat + Math.min(REFRESH_AFTER, target.leaseSeconds),
      revocation: leasable.revocation,
      hangsOn: [...leasable.hangsOn],
      digests: { common: common.digest, location: location.digest },
    };
    return {
      lease: metadata.lease,
      resource: resourceRef(leasable.resource),
      files: {
        metadata: means.seal(means.signer.sign(TYP.metadata, metadata), target.device.enc),
        common: common.file,
        location: location.file,
      },
      digests: metadata.digests,
    };
  };
}
