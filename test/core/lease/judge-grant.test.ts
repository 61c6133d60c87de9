import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import { bearerOf, judgeGrant } from '../../../core/lease/judge-grant.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, grantClaims, MARA, NOW, newDevice, newWorld } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const device = newDevice();
const broker = world.component('broker', 'broker-1');
const ourConnector = world.component('connector', 'zurich-connector-1', 'zurich');
const foreignConnector = world.component('connector', 'bern-connector-1', 'bern');
const gateway = world.component('gateway', 'gateway-1');

interface Shown {
  readonly claims?: Partial<Grant>;
  readonly by?: typeof broker;
  readonly statement?: string;
  readonly jkt?: string;
  readonly now?: number;
  readonly startedAt?: number;
  readonly blocked?: Revocation['target'];
}

function judged({ claims, by = broker, statement = by.statement, jkt = device.jkt, now = NOW, startedAt = NOW - 1, blocked }: Shown) {
  const shown = { grant: by.signer.sign(TYP.grant, grantClaims(device, claims)), statement, jkt };
  const entries = blocked === undefined ? [] : [{ target: blocked, from: NOW - 60, until: NOW + DAY, forget: NOW + 31 * DAY }];
  return outcomeOf(judgeGrant(nodeCrypto, world.trustWith(entries), shown, { id: 'zurich-host-1', location: 'zurich', startedAt }, now));
}

const LEASE = 'a'.repeat(22);
const SKEW = TIMES.ticketSkewSeconds;
const { groups: _, ...withoutGroups } = MARA;

const CASES: readonly (readonly [what: string, shown: Shown, outcome: string])[] = [
  ['the broker’s', {}, 'good'],
  ['for another session host', { claims: { aud: 'zurich-host-2' } }, '3020 other-session-host'],
  ['for a session host of that name elsewhere', { claims: { location: 'bern' } }, '3020 other-session-host'],
  ['shown by another device', { jkt: newDevice().jkt }, '3020 other-device'],
  ['in its last second, with the skew of two clocks', { now: NOW + TIMES.grantSeconds + SKEW }, 'good'],
  ['a second later', { now: NOW + TIMES.grantSeconds + SKEW + 1 }, '3020 too-old'],
  ['dated ahead by the skew of two clocks', { now: NOW - SKEW }, 'good'],
  ['dated a second further ahead', { now: NOW - SKEW - 1 }, '3020 too-old'],
  ['of the second from which on used ones are remembered', { startedAt: NOW }, 'good'],
  ['older than that', { startedAt: NOW + 1 }, '3020 older-than-host'],
  ['good for a second too long', { claims: { exp: NOW + TIMES.grantSeconds + 1 } }, '3020 too-long'],
  ['of a blocked person', { blocked: { kind: 'user', subject: MARA.subject } }, '3022 blocked'],
  ['of a blocked group', { blocked: { kind: 'group', group: 'Finance' } }, '3022 blocked'],
  ['of a group of which nobody is blocked', { blocked: { kind: 'group', group: 'Sales' } }, 'good'],
  [
    'of a person whose groups nobody knows',
    { claims: { user: withoutGroups }, blocked: { kind: 'group', group: 'Sales' } },
    '3022 blocked',
  ],
  ['of a blocked device', { blocked: { kind: 'device', jkt: device.jkt } }, '3022 blocked'],
  ['by a blocked lease', { claims: { lease: LEASE }, blocked: { kind: 'lease', lease: LEASE } }, '3022 blocked'],
  [
    'authorized after the end of a block',
    { claims: { authorizedAt: NOW + DAY }, blocked: { kind: 'user', subject: MARA.subject } },
    'good',
  ],
  ['a connector’s of this location', { by: ourConnector }, 'good'],
  ['a connector’s of another location', { by: foreignConnector }, '3020 signer-elsewhere'],
  ['by a component that brokers nothing', { by: gateway }, '3020 signer'],
  ['signed by another than its statement says', { by: gateway, statement: broker.statement }, '3020 not-signed'],
];

for (const [what, shown, outcome] of CASES) {
  test(`a grant ${what}: ${outcome}`, () => assert.equal(judged(shown), outcome));
}

test('what is no grant is none', () => {
  const shown = { grant: broker.signer.sign(TYP.ticket, grantClaims(device)), statement: broker.statement, jkt: device.jkt };
  const host = { id: 'zurich-host-1', location: 'zurich', startedAt: NOW };
  assert.equal(outcomeOf(judgeGrant(nodeCrypto, world.trustWith(), shown, host, NOW)), '3020 token');
});

test('a running session is its person’s, device’s and lease’s, and as old as its authorization', () => {
  const grant = grantClaims(device, { lease: LEASE });
  assert.deepEqual(bearerOf(grant), {
    subject: MARA.subject,
    groups: MARA.groups,
    jkt: device.jkt,
    lease: LEASE,
    authorizedAt: NOW - DAY,
  });
  assert.deepEqual(bearerOf({ ...grantClaims(device), user: withoutGroups }), {
    subject: MARA.subject,
    groups: 'unknown',
    jkt: device.jkt,
    authorizedAt: NOW - DAY,
  });
});
