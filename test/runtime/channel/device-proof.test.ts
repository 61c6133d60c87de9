import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresentGrant, PresentLease, PresentTicket } from '#protocol/channel';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import { deviceCheck } from '../../../runtime/channel/device-proof.ts';
import { sha256 } from '../../../runtime/jose/primitives.ts';
import { refusedWith } from '../../refused-with.ts';
import { NOW, newDevice } from '../../vectors/world.ts';

const SERVER = { id: 'gateway-1' };
const NONCE = 'n'.repeat(22);
const EKM = 'E'.repeat(43);
const device = newDevice();
const known = { key: device.signer.publicKey, correlationId: '7f3a91c2', rootVersion: 1, listVersion: 1 } as const;

/** `shown`: what the proof is to be over. */
const PRESENTED: Record<string, { shown: string; with: (proof: string) => PresentLease | PresentTicket | PresentGrant }> = {
  lease: {
    shown: 'the.metadata.jws',
    with: (proof) => ({
      ...known,
      type: 'present',
      op: 'launch',
      mode: 'lease',
      location: 'zurich',
      proof,
      lease: { metadata: 'the.metadata.jws', common: '{}', location: '{}' },
    }),
  },
  ticket: {
    shown: 'the.launch.ticket',
    with: (proof) => ({
      ...known,
      type: 'present',
      op: 'launch',
      mode: 'ticket',
      location: 'zurich',
      proof,
      ticket: 'the.launch.ticket',
      statement: 'a.b.c',
    }),
  },
  grant: {
    shown: 'the.sessions.grant',
    with: (proof) => ({ ...known, type: 'present', op: 'attach', proof, grant: 'the.sessions.grant', statement: 'a.b.c' }),
  },
};

for (const [name, { shown, with: presented }] of Object.entries(PRESENTED)) {
  test(`a ${name} needs a proof over itself, on this connection, for this server`, () => {
    const { op } = presented('');
    const good: Proof = { aud: SERVER.id, op, nonce: NONCE, ekm: EKM, digest: sha256(shown), iat: NOW };
    const mustHoldKey = deviceCheck({ identity: { ...SERVER, hear: () => {} }, now: () => NOW, nowMs: () => 0 });
    const judge = (proof: Proof) => mustHoldKey({ present: presented(device.signer.sign(TYP.proof, proof)), nonce: NONCE, ekm: EKM });
    assert.equal(judge(good), device.jkt);
    const others: Partial<Proof>[] = [
      { digest: sha256('something.else.shown') },
      { aud: 'gateway-2' },
      { op: op === 'launch' ? 'attach' : 'launch' },
      { nonce: 'x'.repeat(22) },
      { ekm: 'w'.repeat(43) },
    ];
    for (const change of others) {
      assert.throws(() => judge({ ...good, ...change }), refusedWith(3020));
    }
  });
}

test('B-S3d a device presents 60 times at once and then twice a second; what its key did not prove costs it nothing, and only its own news is heard', () => {
  const clock = { ms: 0 };
  const heard: unknown[] = [];
  const mustHoldKey = deviceCheck({ identity: { ...SERVER, hear: (news) => heard.push(news) }, now: () => NOW, nowMs: () => clock.ms });
  const [mine, other] = [newDevice(), newDevice()];
  const present = (device = mine, prover = device) => {
    const { shown, with: presented } = PRESENTED['lease'] ?? assert.fail();
    const proof = prover.signer.sign(TYP.proof, { aud: SERVER.id, op: 'launch', nonce: NONCE, ekm: EKM, digest: sha256(shown), iat: NOW });
    mustHoldKey({ present: { ...presented(proof), key: device.signer.publicKey, news: { revocations: 'a.b.c' } }, nonce: NONCE, ekm: EKM });
  };
  for (let n = 0; n < 60; n++) assert.throws(() => present(mine, other), refusedWith(3020));
  assert.equal(heard.length, 0);
  for (let n = 0; n < 60; n++) present();
  assert.throws(() => present(), refusedWith('too_many', /^Too many requests\. Wait a moment, then try again\.$/u));
  assert.equal(heard.length, 60);
  present(other);
  clock.ms += 499;
  assert.throws(() => present(), refusedWith('too_many'));
  clock.ms += 1;
  present();
  assert.throws(() => present(), refusedWith('too_many'));
});
