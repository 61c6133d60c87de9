import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowanceFor } from '../../../runtime/budget/allowance.ts';

test('each has a burst, then as many a second as allowed, and nobody spends another’s', () => {
  const clock = { ms: 0 };
  const allowance = allowanceFor({ burst: 2, perSecond: 10 }, () => clock.ms);
  assert.deepEqual([allowance.spend('a'), allowance.spend('a'), allowance.spend('a'), allowance.spend('b')], [true, true, false, true]);
  clock.ms += 100;
  assert.deepEqual([allowance.spend('a'), allowance.spend('a')], [true, false]);
  clock.ms += 60_000;
  assert.deepEqual([allowance.spend('a'), allowance.spend('a'), allowance.spend('a')], [true, true, false]);
});
