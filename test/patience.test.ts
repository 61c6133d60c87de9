import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patience, slowness } from './patience.ts';

test('a slow or a busy machine gets more time, a quick one no less, none for ever', () => {
  assert.equal(slowness(4, 0.2), 1);
  assert.equal(slowness(25, 0.2), 2.5);
  assert.equal(slowness(4, 3), 3);
  assert.equal(slowness(900, 40), 6);
  const given = patience(1_000);
  assert.ok(given >= 1_000 && given <= 6_000);
});
