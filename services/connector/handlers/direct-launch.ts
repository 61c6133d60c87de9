/** A device on the inside redeems a lease or ticket here, and is told the session host's own address. */
import { judgeProof } from '#core/lease/judge-proof';
import type { PresentLease, PresentTicket } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Speaker } from '#runtime/channel/speaker';
import { endSoon, type Visit } from '#runtime/channel/visit';
import { nodeCrypto, sha256, thumbprint } from '#runtime/jose/primitives';
import type { Launch } from '../launch.ts';

export function directLaunch(
  speaker: Speaker,
  launch: Launch,
  now: () => number,
): (visit: Visit<PresentLease | PresentTicket>) => Promise<void> {
  return async (visit) => {
    const { present, nonce, ekm } = visit;
    const digest = sha256(present.mode === 'lease' ? present.lease.metadata : present.ticket);
    const proof = judgeProof(nodeCrypto, present.proof, present.key, { aud: speaker.id, op: 'launch', nonce, ekm, digest, now: now() });
    if (!proof.ok) throw new HoldfastError(3020, `The proof fails: ${proof.why}. ${proof.detail ?? ''}`.trim());
    const { brokered, host } = await launch(present, thumbprint(present.key), 'direct');
    visit.answer({ ...brokered, type: 'grant', meeting: { route: 'direct', address: host.registration.address } });
    endSoon(visit.socket);
  };
}
