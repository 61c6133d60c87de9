import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Ticket } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import type { Revocation } from '#protocol/trust';
import { judgeTicket, NO_USED_TICKETS, useTicket } from '../../../core/lease/judge-ticket.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { DAY, MARA, NOW, newDevice, newWorld, ticketClaims } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const device = newDevice();
const tickets = world.component('tickets', 'tickets-1');
const workspace = world.component('workspace', 'workspace-1');
const { groups: _, ...withoutGroups } = MARA;

interface Shown {
  readonly claims?: Partial<Ticket>;
  readonly by?: typeof tickets;
  readonly statement?: string;
  readonly jkt?: string;
  readonly now?: number;
  readonly startedAt?: number;
  readonly blocked?: Revocation['target'];
  /** until when */
  readonly until?: number;
}

function judged(shown: Shown, redeemer: string | undefined = 'zurich-connector-1') {
  const { claims, by = tickets, statement = by.statement, jkt = device.jkt, now = NOW, startedAt = NOW - DAY } = shown;
  const { blocked, until = NOW + DAY } = shown;
  const ticket = by.signer.sign(TYP.ticket, ticketClaims(device, claims));
  const entries = blocked === undefined ? [] : [{ target: blocked, from: NOW - 60, until, forget: NOW + 31 * DAY }];
  const whoRedeems = redeemer === '' ? undefined : { id: redeemer, startedAt };
  return outcomeOf(judgeTicket(nodeCrypto, world.trustWith(entries), { ticket, statement, jkt, location: 'zurich' }, now, whoRedeems));
}
const judgedAtGateway = (shown: Shown) => judged(shown, '');

describe('a ticket', () => {
  const CASES: readonly (readonly [what: string, shown: Shown, outcome: string])[] = [
    ['as it was made', {}, 'good'],
    ['in its last second', { now: NOW + TIMES.ticketSeconds }, 'good'],
    ['a second later: no clock lengthens its life', { now: NOW + TIMES.ticketSeconds + 1 }, 'ticket_expired'],
    ['dated ahead by the skew of two clocks', { now: NOW - TIMES.ticketSkewSeconds }, 'good'],
    ['dated a second further ahead', { now: NOW - TIMES.ticketSkewSeconds - 1 }, 'ticket_expired'],
    ['good for a second too long', { claims: { exp: NOW + TIMES.ticketSeconds + 1 } }, '3020 too-long'],
    ['of another tenant', { claims: { tenant: 'fabrikam' } }, '3020 other-tenant'],
    ['for another location', { claims: { location: 'bern' } }, '3021 other-location'],
    ['shown by another device', { jkt: newDevice().jkt }, '3020 other-device'],
    ['for another redeemer', { claims: { aud: 'zurich-connector-2' } }, '3020 other-redeemer'],
    ['of the second in which its redeemer started', { startedAt: NOW }, 'good'],
    ['older than its redeemer’s memory', { startedAt: NOW + 1 }, 'ticket_expired older-than-redeemer'],
    ['of a blocked person', { blocked: { kind: 'user', subject: MARA.subject } }, '3022 blocked'],
    ['made after the end of that', { blocked: { kind: 'user', subject: MARA.subject }, until: NOW }, 'good'],
    ['made in its last second', { blocked: { kind: 'user', subject: MARA.subject }, until: NOW + 1 }, '3022 blocked'],
    ['of a blocked group', { blocked: { kind: 'group', group: 'Finance' } }, '3022 blocked'],
    ['of a person in no blocked group', { blocked: { kind: 'group', group: 'Sales' } }, 'good'],
    [
      'of a person whose groups nobody knows',
      { claims: { user: withoutGroups }, blocked: { kind: 'group', group: 'Sales' } },
      '3022 blocked',
    ],
    ['of a blocked device', { blocked: { kind: 'device', jkt: device.jkt } }, '3022 blocked'],
    ['by a service that makes none', { by: workspace }, '3020 signer'],
    ['signed by another than its statement says', { by: workspace, statement: tickets.statement }, '3020 not-signed'],
  ];
  for (const [what, shown, outcome] of CASES) test(`${what}: ${outcome}`, () => assert.equal(judged(shown), outcome));

  test('is only forwarded by a gateway, whoever its redeemer is and whenever that started', () => {
    assert.equal(judgedAtGateway({ claims: { aud: 'zurich-connector-2' }, startedAt: NOW + 1 }), 'good');
    assert.equal(judgedAtGateway({ jkt: newDevice().jkt }), '3020 other-device');
  });

  test('is no other token', () => {
    const shown = { ticket: tickets.signer.sign(TYP.grant, ticketClaims(device)), statement: tickets.statement };
    const verdict = judgeTicket(nodeCrypto, world.trustWith(), { ...shown, jkt: device.jkt, location: 'zurich' }, NOW);
    assert.equal(outcomeOf(verdict), '3020 token');
  });
});

test('a ticket is used once and refused the second time', () => {
  const ticket = { jti: 'a'.repeat(22), iat: NOW };
  const first = useTicket(NO_USED_TICKETS, ticket, NOW);
  assert.ok(first.ok);
  const second = useTicket(first.value, ticket, NOW + 1);
  assert.ok(!second.ok && second.why === 'ticket_used');
});

test('a used ticket is remembered for as long as any clock could still take it, then forgotten', () => {
  const first = useTicket(NO_USED_TICKETS, { jti: 'a'.repeat(22), iat: NOW }, NOW);
  assert.ok(first.ok);
  const kept = useTicket(first.value, { jti: 'b'.repeat(22), iat: NOW + 120 }, NOW + 120);
  assert.ok(kept.ok && kept.value.until.has('a'.repeat(22)));
  const forgotten = useTicket(kept.value, { jti: 'c'.repeat(22), iat: NOW + 121 }, NOW + 121);
  assert.ok(forgotten.ok && !forgotten.value.until.has('a'.repeat(22)));
});
