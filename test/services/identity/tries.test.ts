import assert from 'node:assert/strict';
import test from 'node:test';
import { openTries } from '../../../services/identity/tries.ts';

test('B-I3 failures within a minute make a pause of a minute; success takes its own try back and no other', () => {
  let now = 0;
  const tries = openTries(() => now, 3);
  for (let count = 0; count < 2; count++) tries.failed('10.0.0.1');
  tries.failed('10.0.0.1');
  assert.equal(tries.allowed('10.0.0.1'), false);
  assert.equal(tries.allowed('10.0.0.2'), true);
  tries.succeeded('10.0.0.1');
  assert.equal(tries.allowed('10.0.0.1'), true);
  now = 59_000;
  tries.failed('10.0.0.1');
  assert.equal(tries.allowed('10.0.0.1'), false);
  now = 118_999;
  assert.equal(tries.allowed('10.0.0.1'), false, 'the pause begins with the last of them');
  now = 119_000;
  assert.equal(tries.allowed('10.0.0.1'), true);
});
