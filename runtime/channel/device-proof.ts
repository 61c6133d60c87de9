/**
 * Verifies that the presenting device holds the key it shows, on this very connection, and presents no more than its share. Only then is
 * its news looked at, and before anything else is judged: a device may carry the very list that refuses it.
 */
import { judgeProof } from '#core/lease/judge-proof';
import type { PresentGrant, PresentLease, PresentReach, PresentTicket } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { type AllowanceLimits, allowanceFor } from '../budget/allowance.ts';
import { nodeCrypto, sha256, thumbprint } from '../jose/primitives.ts';
import type { Exchange } from './exchange.ts';
import type { ChannelIdentity } from './identity.ts';

type DevicePresent = PresentLease | PresentTicket | PresentReach | PresentGrant;

export interface DeviceCheckOptions {
  readonly identity: Pick<ChannelIdentity, 'id' | 'hear'>;
  readonly now: () => number;
  /** by which the shares of devices fill */
  readonly nowMs: () => number;
}

/** The key's thumbprint. Throws 3020, `too_many`. */
export type MustHoldKey = (exchange: Pick<Exchange<DevicePresent>, 'present' | 'nonce' | 'ekm'>) => string;

/** A person opens a few things at once, and a launch that fails is tried again; two a second is more than anybody clicks for long. */
const PRESENTS: AllowanceLimits = { burst: 60, perSecond: 2 };

/** One for each service: it keeps the count of its devices. */
export function deviceCheck({ identity, now, nowMs }: DeviceCheckOptions): MustHoldKey {
  const presents = allowanceFor(PRESENTS, nowMs);
  return ({ present, nonce, ekm }) => {
    const demand = { aud: identity.id, op: present.op, nonce, ekm, digest: sha256(shownBy(present)), now: now() };
    const proof = judgeProof(nodeCrypto, present.proof, present.key, demand);
    if (!proof.ok) throw new HoldfastError(3020, { reason: 'proof', why: proof.why });
    const jkt = thumbprint(present.key);
    // After the proof, so that nobody can use up another's.
    if (!presents.spend(jkt)) throw new HoldfastError('too_many');
    if (present.news !== undefined) identity.hear(present.news);
    return jkt;
  };
}

function shownBy(present: DevicePresent): string {
  if (present.op === 'attach') return present.grant;
  if (present.op === 'reach') return present.lease.metadata;
  return present.mode === 'lease' ? present.lease.metadata : present.ticket;
}
