import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allWorkspaces, readPolicy } from '../../../extension/workspaces/policy.ts';

test('no policy yet is not an empty policy, and one bad value does not void the rest', () => {
  assert.equal(readPolicy({}), null);
  assert.equal(readPolicy(undefined), null);
  const workspaces = [{ url: 'https://a.example', name: 'A' }];
  assert.deepEqual(readPolicy({ workspaces, loginTimeout: { seconds: 7 } })?.workspaces, workspaces);
});

test('B-E11c Workspaces of policy and host are one list, policy first', () => {
  const a = { url: 'https://a.example', name: 'A' };
  const b = { url: 'https://b.example', name: 'B' };
  assert.deepEqual(allWorkspaces({ workspaces: [a] }, [{ ...a, name: 'other' }, b]), [a, b]);
});
