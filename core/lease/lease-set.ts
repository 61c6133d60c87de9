/**
 * The end of a lease sync: the issuer's word of what one person has on one device, in answer to one request. Only it takes a lease
 * away before its time: what is held and unexpired goes when the set leaves it out, and stays when the set says that nothing was decided,
 * or that the issuer was not told what the lease hangs on.
 */
import { TYP } from '#protocol/jose';
import { type LeaseMetadata, LeaseSet } from '#protocol/lease';
import type { PersonPart } from '#protocol/primitives';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import type { Crypto } from '../crypto.ts';
import { openJws, type TokenFault } from '../trust/jws.ts';
import type { Trust } from '../trust/trust.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

/** A line that says something of a resource: its lease, or why it has none. */
export type SetLine = Extract<LeaseSyncLine, { type: 'lease' | 'unleased' }>;

/** The digest of a set without lines; the first `before` of `digestWith`. */
export const EMPTY_SET = '';

/** The set's digest after one more line: their order counts, and of a lease all that the device keeps of it. */
export function digestWith(crypto: Pick<Crypto, 'sha256'>, before: string, line: SetLine): string {
  const { resource } = line;
  const said = line.type === 'lease' ? [line.lease, crypto.sha256(line.metadata), line.common, line.location] : [line.reason];
  return crypto.sha256(JSON.stringify([before, line.type, resource.feed, resource.id, ...said]));
}

/** Whether an administrator decided that there is no lease. The other reasons are the issuer's own trouble, and take nothing away. */
export function isDecided({ reason }: Pick<Extract<SetLine, { type: 'unleased' }>, 'reason'>): boolean {
  return reason === 'not-allowed' || reason === 'blocked';
}

/** Whether a held lease that the set leaves out hangs on something of the person that the issuer was not told. One that does not say may. */
export function hangsOnAny({ hangsOn }: Pick<LeaseMetadata, 'hangsOn'>, unknown: readonly PersonPart[]): boolean {
  return unknown.length > 0 && (hangsOn === undefined || hangsOn.some((part) => unknown.includes(part)));
}

/** What the device knows of its own request and of the lines that came. */
export interface ReceivedSet {
  readonly workspace: string;
  readonly subject: string;
  readonly jkt: string;
  /** SHA-256 of the proof that the device made for this sync: nobody can answer with an older set */
  readonly answers: string;
  readonly digest: string;
}

export type LeaseSetFault = TokenFault | 'other-tenant' | 'other-owner' | 'other-request' | 'other-lines';

/** Whether an issuer key of the bundle signed that these lines are all there is. */
export function judgeLeaseSet(crypto: Crypto, trust: Trust, token: string, received: ReceivedSet): Verdict<LeaseSet, LeaseSetFault> {
  const opened = openJws(crypto, token, TYP.leaseSet, LeaseSet, trust.bundle.roles.issuer);
  if (!opened.ok) return opened;
  const set = opened.value;
  if (set.tenant !== trust.bundle.tenant) return fail('other-tenant');
  if (set.workspace !== received.workspace || set.sub !== received.subject || set.cnf.jkt !== received.jkt) return fail('other-owner');
  if (set.answers !== received.answers) return fail('other-request');
  return set.digest === received.digest ? pass(set) : fail('other-lines');
}
