import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spotsFor } from '../../../extension/watch/placement.ts';

const WINDOW = { id: 1, left: 100, top: 50, width: 1280, height: 800 };
const SIZE = { width: 420, height: 480 };

test('what a person asked for, and an outage, stand in front of the window, in its middle', () => {
  assert.deepEqual(spotsFor('front', WINDOW, SIZE), [{ left: 530, top: 146 }]);
});

test('at the deadline the window goes right of the form’s window, left of it, or into a corner that the form does not need', () => {
  assert.deepEqual(spotsFor('beside', WINDOW, SIZE), [
    { left: 1380, top: 146 },
    { left: -320, top: 146 },
    { left: 944, top: 354 },
  ]);
});

test('a browser window smaller than ours is not left at its upper or left edge', () => {
  const corner = spotsFor('beside', { ...WINDOW, width: 400, height: 300 }, SIZE).at(-1);
  assert.deepEqual(corner, { left: 100, top: 50 });
});
