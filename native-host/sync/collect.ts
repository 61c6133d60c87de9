/** Reads the lines of a lease sync and checks every lease as it arrives. Nothing counts before a matching `end` line. */

import { isSameResource } from '#core/access/resource-key';
import type { Unseal } from '#core/crypto';
import { judgeHeldLease } from '#core/lease/judge-held';
import type { Trust } from '#core/trust/trust';
import { errorOf } from '#core/verdict';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { Owner } from '../vault/names.ts';
import type { NewLease } from '../vault/write.ts';

export interface Reader {
  readonly owner: Owner;
  readonly jkt: string;
  readonly unseal: Unseal;
  readonly trust: Trust;
  /** seconds */
  readonly now: number;
}

export interface Collected {
  readonly leases: readonly NewLease[];
  readonly revocations: string;
  /** highest time signed by an issuer */
  readonly signedAt: number;
}

/** `told` receives progress. Throws the Workspace's refusal, 3007 for an invalid lease, `unavailable` when it ends early. */
export async function collectLeases(
  lines: AsyncIterable<LeaseSyncLine>,
  reader: Reader,
  told: (done: number, total: number | undefined) => void,
): Promise<Collected> {
  const files = new Map<string, string>();
  const leases: NewLease[] = [];
  let total: number | undefined;
  let signedAt = 0;
  for await (const line of lines) {
    switch (line.type) {
      case 'queued':
      case 'unleased':
        told(leases.length, total);
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
      case 'end':
        if (line.leases !== leases.length)
          throw new HoldfastError('unavailable', { reason: 'leases-incomplete', count: leases.length, total: line.leases });
        if (line.subject !== reader.owner.subject) throw new HoldfastError('untrusted_peer', { reason: 'other-person' });
        return { leases, revocations: line.revocations, signedAt };
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
