import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOfList } from '../../../extension/workspaces/open-of-list.ts';

test('popup and prompt count what opens of the portal’s list, and name no list that is too short', () => {
  assert.equal(openOfList({ opens: 5, listed: 8 }), '5 of 8 resources');
  assert.equal(openOfList({ opens: 5, listed: 3 }), '5 resources');
  assert.equal(openOfList({ opens: 1 }), '1 resource');
});
