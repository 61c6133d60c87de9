import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundTrips } from '../../../runtime/channel/round-trips.ts';

test('before the first answer nothing is overdue', () => {
  assert.equal(roundTrips().overdueMs(), Number.POSITIVE_INFINITY);
});

test('RFC 6298: the first answer counts for three of itself, even ones after it bring patience down to their mean', () => {
  const steady = roundTrips();
  steady.took(40);
  assert.equal(steady.overdueMs(), 120);
  for (let n = 0; n < 40; n++) steady.took(40);
  assert.ok(Math.abs(steady.overdueMs() - 40) < 0.01, `${steady.overdueMs()}`);
});

test('one answer that strays makes it patient for a while', () => {
  const stalled = roundTrips();
  for (let n = 0; n < 40; n++) stalled.took(2);
  stalled.took(402);
  assert.ok(stalled.overdueMs() > 400, `${stalled.overdueMs()}`);
  for (let n = 0; n < 20; n++) stalled.took(2);
  assert.ok(stalled.overdueMs() < 50, `${stalled.overdueMs()}`);
});
