/** Reads the lines of a lease sync and checks every lease as it arrives. Nothing counts before the issuer's signature under all of them. */

import { isSameResource } from '#core/access/resource-key';
import type { Unseal } from '#core/crypto';
import { judgeHeldLease } from '#core/lease/judge-held';
import { digestWith, EMPTY_SET, isDecided, judgeLeaseSet } from '#core/lease/lease-set';
import type { Trust } from '#core/trust/trust';
import { errorOf } from '#core/verdict';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { PersonPart, ResourceRef } from '#protocol/primitives';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { Owner } from '../vault/names.ts';
import type { NewLease } from '../vault/write.ts';

export interface Reader {
  readonly owner: Owner;
  readonly jkt: string;
  readonly unseal: Unseal;
  readonly trust: Trust;
  /** SHA-256 of the proof in this sync's request */
  readonly answers: string;
  /** seconds */
  readonly now: number;
}

export interface Collected {
  readonly leases: readonly NewLease[];
  /** resources of which nothing was decided: a lease that is held stays */
  readonly undecided: readonly ResourceRef[];
  /** resources of which it was decided that there is no lease */
  readonly decided: readonly ResourceRef[];
  /** what of the person the issuer was not told */
  readonly unknown: readonly PersonPart[];
  /** the site's setting */
  readonly deleteOnSignOut: boolean;
  readonly revocations: string;
  /** highest time signed by an issuer */
  readonly signedAt: number;
}

/**
 * `told` receives progress. Throws the Workspace's refusal, 3007 for an invalid lease, `unavailable` when it ends early, and
 * `untrusted_peer` when the issuer did not sign these very lines for this request.
 */
export async function collectLeases(
  lines: AsyncIterable<LeaseSyncLine>,
  reader: Reader,
  told: (done: number, total: number | undefined) => void,
): Promise<Collected> {
  const files = new Map<string, string>();
  const leases: NewLease[] = [];
  const undecided: ResourceRef[] = [];
  const decided: ResourceRef[] = [];
  let digest = EMPTY_SET;
  let total: number | undefined;
  let signedAt = 0;
  for await (const line of lines) {
    switch (line.type) {
      case 'queued':
        told(leases.length, total);
        break;
      case 'unleased':
        digest = digestWith(nodeCrypto, digest, line);
        (isDecided(line) ? decided : undecided).push(line.resource);
        break;
      case 'progress':
        total = line.total;
        told(leases.length, total);
        break;
      case 'file':
        if (nodeCrypto.sha256(line.content) !== line.digest) throw new HoldfastError(3007, { reason: 'file-altered' });
        files.set(line.digest, line.content);
        break;
      case 'lease': {
        const lease = { ...line, common: fileOf(files, line.common), location: fileOf(files, line.location) };
        digest = digestWith(nodeCrypto, digest, line);
        signedAt = Math.max(signedAt, issuedAt(lease, reader));
        leases.push({
          lease: lease.lease,
          resource: lease.resource,
          metadata: lease.metadata,
          common: lease.common,
          location: lease.location,
        });
        told(leases.length, total);
        break;
      }
      case 'error':
        throw fromWireError(line.error);
      case 'end': {
        const { owner, jkt, answers, trust } = reader;
        const set = judgeLeaseSet(nodeCrypto, trust, line.set, { ...owner, jkt, answers, digest });
        if (!set.ok) throw new HoldfastError('untrusted_peer', { reason: 'lease-set', why: set.why });
        const { deleteOnSignOut, unknown } = set.value;
        return { leases, undecided, decided, unknown, deleteOnSignOut, revocations: line.revocations, signedAt };
      }
    }
  }
  throw new HoldfastError('unavailable', { reason: 'sync-ended' });
}

/** Opens the lease as a launch would. Returns the time at which the issuer signed it. */
function issuedAt(lease: NewLease, reader: Reader): number {
  const { owner, jkt, unseal, trust, now } = reader;
  const files = { metadata: lease.metadata, common: lease.common, location: lease.location };
  const judged = judgeHeldLease(nodeCrypto, trust, unseal, files, { ...owner, jkt }, now);
  if (!judged.ok) throw errorOf(judged);
  const { metadata } = judged.value;
  if (metadata.lease !== lease.lease || !isSameResource(metadata.resource, lease.resource))
    throw new HoldfastError(3007, { reason: 'other-resource' });
  return metadata.iat;
}

function fileOf(files: ReadonlyMap<string, string>, digest: string): string {
  const content = files.get(digest);
  if (content === undefined) throw new HoldfastError(3002, { reason: 'file-missing' });
  return content;
}
