import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import { judgeProof, type ProofDemand } from '../../../core/lease/judge-proof.ts';
import { nodeCrypto, sha256 } from '../../../runtime/jose/primitives.ts';
import { DAY, NOW, newDevice, proofClaims } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const device = newDevice();
const EKM = sha256('this connection');
const SKEW = TIMES.leaseSkewSeconds;

function judged(claims: Partial<Proof>, demand: Partial<ProofDemand>, by = device) {
  const token = by.signer.sign(TYP.proof, proofClaims(claims));
  const wanted = { aud: 'gateway-1', op: 'launch' as const, digest: sha256('shown'), now: NOW, ...demand };
  return outcomeOf(judgeProof(nodeCrypto, token, device.signer.publicKey, wanted));
}
const ON_CHANNEL: Partial<ProofDemand> = { nonce: 'n'.repeat(22), ekm: EKM };

describe('a proof on a channel', () => {
  const CASES: readonly (readonly [what: string, claims: Partial<Proof>, outcome: string])[] = [
    ['as it is asked for', {}, 'good'],
    ['by a device whose clock is a year behind', { iat: NOW - 365 * DAY }, 'good'],
    ['by a device whose clock is a year ahead', { iat: NOW + 365 * DAY }, 'good'],
    ['for another server', { aud: 'gateway-2' }, 'audience'],
    ['for another operation', { op: 'attach' }, 'operation'],
    ['in answer to another challenge', { nonce: 'm'.repeat(22) }, 'nonce'],
    ['of another connection', { ekm: sha256('the other connection') }, 'channel'],
    ['of no connection', { ekm: undefined }, 'channel'],
    ['for something else that is shown', { digest: sha256('another') }, 'digest'],
  ];
  for (const [what, claims, outcome] of CASES) test(`${what}: ${outcome}`, () => assert.equal(judged(claims, ON_CHANNEL), outcome));

  test('is good by its key only', () => {
    assert.equal(judged({}, ON_CHANNEL, newDevice()), 'signature');
  });
});

describe('a proof over HTTP is good for five minutes before and after it was made, as the clock decides', () => {
  const WAYS: readonly (readonly [what: string, claims: Partial<Proof>, demand: Partial<ProofDemand>])[] = [
    ['with a challenge', { ekm: undefined }, { nonce: 'n'.repeat(22) }],
    ['with a nonce of the device’s choice', { ekm: undefined }, {}],
    ['on a channel, with a nonce of the device’s choice', {}, { ekm: EKM }],
  ];
  for (const [what, claims, demand] of WAYS) {
    test(what, () => {
      const at = (iat: number) => judged({ ...claims, iat }, demand);
      assert.deepEqual([NOW - SKEW, NOW + SKEW].map(at), ['good', 'good']);
      assert.deepEqual([NOW - SKEW - 1, NOW + SKEW + 1].map(at), ['time', 'time']);
    });
  }

  test('it must not name a connection', () => {
    assert.equal(judged({}, { nonce: 'n'.repeat(22) }), 'channel');
  });
});

test('what is no proof proves nothing', () => {
  const demand = { aud: 'gateway-1', op: 'launch' as const, digest: sha256('shown'), now: NOW };
  const token = device.signer.sign(TYP.grant, proofClaims());
  assert.equal(outcomeOf(judgeProof(nodeCrypto, token, device.signer.publicKey, demand)), 'unreadable');
});
