import assert from 'node:assert/strict';
import test from 'node:test';
import { NO_USED_TICKETS, useTicket } from '../../../core/lease/judge-ticket.ts';
import { NOW } from '../../vectors/world.ts';

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
