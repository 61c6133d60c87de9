import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundTripTime } from '../../../runtime/channel/round-trip-time.ts';

test('before the first answer nothing is usual', () => {
  assert.equal(roundTripTime().usualMs(), Number.POSITIVE_INFINITY);
});

test('an answer that strayed does not change what is usual', () => {
  const answers = roundTripTime();
  for (const ms of [2, 3, 2, 900, 2]) answers.took(ms);
  assert.equal(answers.usualMs(), 2);
});

test('what has become slow is usual after a while', () => {
  const answers = roundTripTime();
  for (let n = 0; n < 9; n++) answers.took(2);
  for (let n = 0; n < 5; n++) answers.took(300);
  assert.equal(answers.usualMs(), 300);
});
