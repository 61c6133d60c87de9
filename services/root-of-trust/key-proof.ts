/** A new key is proven by itself: the sign key by a proof, the TLS key by being that of the connection. */
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { ProofFault } from '#core/lease/judge-proof';
import type { Verdict } from '#core/verdict';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import type { ComponentKeys } from '#protocol/trust';
import { peerSpki } from '#runtime/tls/peer';

/** Audience of the proofs: a newcomer knows its root of trust by pins, not by name. */
export const PROOF_AUDIENCE = 'root-of-trust';

/** SHA-256 of the SPKI of the caller's certificate. Throws `untrusted_peer` without one. */
export function callerTls({ raw: { socket } }: FastifyRequest): string {
  const tls = socket instanceof TLSSocket ? peerSpki(socket) : undefined;
  if (tls === undefined) throw new HoldfastError('untrusted_peer', { reason: 'no-certificate' });
  return tls;
}

/** Throws `untrusted_peer` when the caller has not shown both of the keys that are to be stated. */
export function mustBeProven(signKey: Verdict<unknown, ProofFault>, { tls }: ComponentKeys, callersTls: string): void {
  if (tls !== callersTls) throw new HoldfastError('untrusted_peer', { reason: 'newcomer', why: 'tls-key' });
  if (signKey.ok) return;
  if (signKey.why === 'time') throw new HoldfastError('untrusted_peer', { reason: 'newcomer-clock', seconds: TIMES.leaseSkewSeconds });
  throw new HoldfastError('untrusted_peer', { reason: 'newcomer', why: signKey.why });
}
