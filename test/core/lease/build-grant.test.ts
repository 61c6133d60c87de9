import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP } from '#protocol/jose';
import { Grant } from '#protocol/lease';
import { type GrantedAt, type GrantedTo, signGrant } from '../../../core/lease/build-grant.ts';
import { openJws } from '../../../core/trust/jws.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { MARA, NOW, newDevice, newWorld, ticketClaims } from '../../vectors/world.ts';

const broker = newWorld().component('broker', 'broker-1');
const device = newDevice();
const to: GrantedTo = { user: MARA, jkt: device.jkt, mode: 'ticket', authorizedAt: NOW - 5, correlationId: '7f3a91c2' };
const at: GrantedAt = {
  jti: 'j'.repeat(22),
  session: 's'.repeat(22),
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  resource: ticketClaims(device).resource,
  iat: NOW,
};

function granted(change: Partial<GrantedTo> = {}) {
  const signed = signGrant({ signer: broker.signer, statement: () => broker.statement }, { ...to, ...change }, at);
  const opened = openJws(nodeCrypto, signed.grant, TYP.grant, Grant, [broker.signer.publicKey]);
  assert.ok(opened.ok);
  return { ...signed, grant: opened.value };
}

test('a grant is for one device at one session host, for a minute, and says who signed it', () => {
  assert.deepEqual(granted(), {
    grant: {
      jti: at.jti,
      aud: 'zurich-host-1',
      location: 'zurich',
      session: at.session,
      cnf: { jkt: device.jkt },
      user: MARA,
      resource: at.resource,
      mode: 'ticket',
      authorizedAt: NOW - 5,
      correlationId: '7f3a91c2',
      iat: NOW,
      exp: NOW + 60,
    },
    statement: broker.statement,
    sessionHost: 'zurich-host-1',
  });
});

test('a grant by lease names the lease, so that a block of it ends the session', () => {
  assert.equal(granted({ mode: 'lease', lease: 'l'.repeat(22) }).grant.lease, 'l'.repeat(22));
});
