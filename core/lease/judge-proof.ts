/** Proof of possession: the presenter holds the key now, on this very connection. */
import { type SigningJwk, TYP } from '#protocol/jose';
import { Proof } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Crypto } from '../crypto.ts';
import { readJws, verified } from '../trust/jws.ts';
import { fail, pass, type Verdict } from '../verdict.ts';

export type ProofFault = 'unreadable' | 'audience' | 'operation' | 'nonce' | 'channel' | 'digest' | 'time' | 'signature';

/** What the proof must contain. */
export interface ProofDemand {
  readonly aud: string;
  readonly op: Proof['op'];
  /** the challenge we gave; undefined where the client chooses it and the caller remembers it as used */
  readonly nonce?: string;
  /** our side's TLS exporter; undefined over HTTP, and then the proof must not carry one */
  readonly ekm?: string;
  /** SHA-256 of what is presented */
  readonly digest: string;
  readonly now: number;
}

/** The proof, verified by `key`. The caller must check that a client-chosen nonce is unused. */
export function judgeProof(crypto: Crypto, token: string, key: SigningJwk, demand: ProofDemand): Verdict<Proof, ProofFault> {
  const read = readJws(crypto, token, TYP.proof, Proof);
  if (!read.ok) return fail('unreadable');
  const proof = read.value.unverified;
  if (proof.aud !== demand.aud) return fail('audience');
  if (proof.op !== demand.op) return fail('operation');
  if (demand.nonce !== undefined && proof.nonce !== demand.nonce) return fail('nonce');
  if (proof.ekm !== demand.ekm) return fail('channel');
  if (proof.digest !== demand.digest) return fail('digest');
  if (Math.abs(proof.iat - demand.now) > maxProofAge(demand)) return fail('time');
  return verified(crypto, read.value, [key]).ok ? pass(proof) : fail('signature');
}

/** A proof bound to a channel and a nonce is fresh regardless of the device's clock; elsewhere the clock decides. */
function maxProofAge(demand: ProofDemand): number {
  return demand.ekm !== undefined && demand.nonce !== undefined ? Number.POSITIVE_INFINITY : TIMES.leaseSkewSeconds;
}
