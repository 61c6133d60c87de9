import assert from 'node:assert/strict';
import test from 'node:test';
import { openThrottle } from '../../../services/identity/throttle.ts';

test('B-I3 failures within a minute make a pause of a minute; success takes its own try back and no other', () => {
  let now = 0;
  const throttle = openThrottle(() => now, 3);
  for (let count = 0; count < 2; count++) throttle.failed('10.0.0.1');
  throttle.failed('10.0.0.1');
  assert.equal(throttle.allowed('10.0.0.1'), false);
  assert.equal(throttle.allowed('10.0.0.2'), true);
  throttle.succeeded('10.0.0.1');
  assert.equal(throttle.allowed('10.0.0.1'), true);
  now = 59_000;
  throttle.failed('10.0.0.1');
  assert.equal(throttle.allowed('10.0.0.1'), false);
  now = 118_999;
  assert.equal(throttle.allowed('10.0.0.1'), false, 'the pause begins with the last of them');
  now = 119_000;
  assert.equal(throttle.allowed('10.0.0.1'), true);
});
