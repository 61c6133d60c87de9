/** How a component identifies itself on a channel it opened: its statement, and a proof by the statement's key on this connection. */
import { judgeProof } from '#core/lease/judge-proof';
import { judgeStatement, strangerFacts } from '#core/trust/trust';
import type { PresentComponent } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import type { Role, Statement } from '#protocol/trust';
import { nodeCrypto, sha256 } from '../jose/primitives.ts';
import type { Channel, PresentBody } from './client.ts';
import type { Exchange } from './exchange.ts';
import type { ChannelIdentity, ComponentIdentity } from './identity.ts';

/** What to present with op `control`, or `rendezvous` with the id. */
export function componentPresent(identity: ComponentIdentity, channel: Channel, now: number, rendezvous?: string): PresentBody {
  const statement = identity.statement();
  const op = rendezvous === undefined ? 'control' : 'rendezvous';
  const proof: Proof = {
    aud: channel.statement.id,
    op,
    nonce: channel.hello.nonce,
    ekm: channel.ekm,
    digest: sha256(rendezvous ?? statement),
    iat: now,
  };
  return {
    type: 'present',
    op,
    statement,
    proof: identity.signer.sign(TYP.proof, proof),
    ...(rendezvous !== undefined && { rendezvous }),
  };
}

export interface Callers {
  readonly roles: readonly Role[];
  readonly location?: string;
}

/** The component that presented itself, judged by the news that it brings: its statement may need the next root bundle. Throws `untrusted_peer`. */
export function judgeCaller(identity: ChannelIdentity, exchange: Exchange<PresentComponent>, callers: Callers, now: number): Statement {
  const { present } = exchange;
  if (present.news !== undefined) identity.hear(present.news);
  const judged = judgeStatement(nodeCrypto, identity.trust(), present.statement, now, callers);
  if (!judged.ok) throw new HoldfastError('untrusted_peer', strangerFacts(judged));
  const digest = sha256(present.op === 'rendezvous' ? (present.rendezvous ?? '') : present.statement);
  const demand = { aud: identity.id, op: present.op, nonce: exchange.nonce, ekm: exchange.ekm, digest, now };
  const proof = judgeProof(nodeCrypto, present.proof, judged.value.keys.sign, demand);
  if (!proof.ok) throw new HoldfastError('untrusted_peer', { reason: 'proof', why: proof.why });
  return judged.value;
}
