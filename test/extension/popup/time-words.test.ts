import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeWords } from '../../../extension/popup/time-words.ts';

test('times are said as people say them', () => {
  const noon = new Date(2030, 4, 2, 12, 0).getTime();
  assert.equal(timeWords(new Date(2030, 4, 2, 9, 5).getTime(), noon), '09:05');
  assert.equal(timeWords(new Date(2030, 4, 1, 15, 5).getTime(), noon), 'yesterday, 15:05');
  assert.match(timeWords(new Date(2030, 3, 20, 15, 5).getTime(), noon), /20.*15:05/u);
});
