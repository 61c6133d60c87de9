/**
 * Verifies that the presenting device holds the key it shows, on this very connection, and presents no more than its share. Only then is
 * its news looked at, and before anything else is judged: a device may carry the very list that refuses it.
 */
import { judgeProof } from '#core/lease/judge-proof';
import type { PresentGrant, PresentLease, PresentReach, PresentTicket } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { nodeCrypto, sha256, thumbprint } from '../jose/primitives.ts';
import { mustNotPresentTooOften } from './device-budget.ts';
import type { Exchange } from './exchange.ts';
import type { ChannelIdentity } from './identity.ts';

type DevicePresent = PresentLease | PresentTicket | PresentReach | PresentGrant;

/** The key's thumbprint. Throws 3020, `too_many`. */
export function mustHoldKey(
  identity: Pick<ChannelIdentity, 'id' | 'hear'>,
  { present, nonce, ekm }: Pick<Exchange<DevicePresent>, 'present' | 'nonce' | 'ekm'>,
  now: number,
): string {
  const demand = { aud: identity.id, op: present.op, nonce, ekm, digest: sha256(shownBy(present)), now };
  const proof = judgeProof(nodeCrypto, present.proof, present.key, demand);
  if (!proof.ok) throw new HoldfastError(3020, { reason: 'proof', why: proof.why });
  const jkt = thumbprint(present.key);
  mustNotPresentTooOften(identity, jkt);
  if (present.news !== undefined) identity.hear(present.news);
  return jkt;
}

function shownBy(present: DevicePresent): string {
  if (present.op === 'attach') return present.grant;
  if (present.op === 'reach') return present.lease.metadata;
  return present.mode === 'lease' ? present.lease.metadata : present.ticket;
}
