import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveTimeout } from '../../../extension/watch/login-timeout.ts';

test('B-E1b the login timeout is on with 30 seconds until somebody chooses', () => {
  assert.deepEqual(effectiveTimeout(undefined, null), { on: true, seconds: 30, locked: false });
  assert.deepEqual(effectiveTimeout(undefined, { on: false, seconds: 45 }), { on: false, seconds: 45, locked: false });
});

test('a policy suggests the login timeout until it locks it', () => {
  const wish = { seconds: 60, locked: false } as const;
  assert.deepEqual(effectiveTimeout(wish, null), { on: true, seconds: 60, locked: false });
  assert.deepEqual(effectiveTimeout(wish, { on: true, seconds: 15 }), { on: true, seconds: 15, locked: false });
  const locked = { on: true, seconds: 45, locked: true } as const;
  assert.deepEqual(effectiveTimeout(locked, { on: false, seconds: 15 }), { on: true, seconds: 45, locked: true });
});
