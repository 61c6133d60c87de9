import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresentGrant, PresentLease, PresentTicket } from '#protocol/channel';
import { TYP } from '#protocol/jose';
import type { Proof } from '#protocol/lease';
import { mustHoldKey } from '../../../runtime/channel/device-proof.ts';
import { sha256 } from '../../../runtime/jose/primitives.ts';
import { refusedWith } from '../../refused-with.ts';
import { NOW, newDevice } from '../../vectors/world.ts';

const SERVER = { id: 'gateway-1' };
const NONCE = 'n'.repeat(22);
const heard: unknown[] = [];
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
  test(`B-N2 a ${name} needs a proof over itself, on this connection, for this server`, () => {
    const { op } = presented('');
    const good: Proof = { aud: SERVER.id, op, nonce: NONCE, ekm: EKM, digest: sha256(shown), iat: NOW };
    const judge = (proof: Proof) =>
      mustHoldKey(
        { ...SERVER, hear: (news) => heard.push(news) },
        { present: presented(device.signer.sign(TYP.proof, proof)), nonce: NONCE, ekm: EKM },
        NOW,
      );
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
