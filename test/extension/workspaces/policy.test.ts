import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allWorkspaces, effectiveTimeout, readPolicy } from '../../../extension/workspaces/policy.ts';

test('B-E1 the login timeout is on with 30 seconds until somebody chooses', () => {
  assert.deepEqual(effectiveTimeout({}, null), { on: true, seconds: 30, locked: false });
  assert.deepEqual(effectiveTimeout({}, { on: false, seconds: 45 }), { on: false, seconds: 45, locked: false });
});

test('B-E11 a policy is a wish until it is locked', () => {
  const wish = { loginTimeout: { seconds: 60, locked: false } } as const;
  assert.deepEqual(effectiveTimeout(wish, null), { on: true, seconds: 60, locked: false });
  assert.deepEqual(effectiveTimeout(wish, { on: true, seconds: 15 }), { on: true, seconds: 15, locked: false });
  const locked = { loginTimeout: { on: true, seconds: 45, locked: true } } as const;
  assert.deepEqual(effectiveTimeout(locked, { on: false, seconds: 15 }), { on: true, seconds: 45, locked: true });
});

test('B-E11 no policy yet is not an empty policy, and one bad value does not void the rest', () => {
  assert.equal(readPolicy({}), null);
  assert.equal(readPolicy(undefined), null);
  const workspaces = [{ url: 'https://a.example', name: 'A' }];
  assert.deepEqual(readPolicy({ workspaces, loginTimeout: { seconds: 7 } })?.workspaces, workspaces);
});

test('B-E11 Workspaces of policy and host are one list, policy first', () => {
  const a = { url: 'https://a.example', name: 'A' };
  const b = { url: 'https://b.example', name: 'B' };
  assert.deepEqual(allWorkspaces({ workspaces: [a] }, [{ ...a, name: 'other' }, b]), [a, b]);
});
