/** Arrow keys in a group that is one tab stop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roveTo } from '../../../pwa/view/roving.ts';

/** Three columns, the last row with one tile; columns are a few pixels off, as zoomed pages have them. */
const GRID = [0, 1, 2, 3, 4, 5, 6].map((at) => ({ left: (at % 3) * 308 + (at > 2 ? 7 : 0), top: Math.floor(at / 3) * 78 }));
const rove = (key: string, at: number, rightToLeft = false) => roveTo(key, at, GRID.length, { rightToLeft, placesOf: () => GRID });

const KEYS: readonly (readonly [key: string, at: number, to: number | undefined])[] = [
  ['ArrowRight', 0, 1],
  ['ArrowRight', 6, undefined],
  ['ArrowLeft', 1, 0],
  ['ArrowLeft', 0, undefined],
  ['ArrowDown', 0, 3],
  ['ArrowDown', 3, 6],
  ['ArrowDown', 4, undefined],
  ['ArrowUp', 6, 3],
  ['ArrowUp', 4, 1],
  ['ArrowUp', 1, undefined],
  ['Home', 4, 0],
  ['End', 2, 6],
  ['a', 2, undefined],
];
for (const [key, at, to] of KEYS) {
  test(`B-W16d ${key} at the tile ${at + 1} leads to ${to === undefined ? 'none' : `the tile ${to + 1}`}`, () => {
    assert.equal(rove(key, at), to);
  });
}

test('from right to left the arrows lead where they point', () => {
  assert.deepEqual([rove('ArrowRight', 1, true), rove('ArrowLeft', 1, true), rove('ArrowLeft', 6, true)], [0, 2, undefined]);
});

test('a tile 8 pixels away is in another column', () => {
  const places = [
    { left: 0, top: 0 },
    { left: 8, top: 78 },
    { left: 7, top: 156 },
  ];
  assert.equal(roveTo('ArrowDown', 0, 3, { rightToLeft: false, placesOf: () => places }), 2);
});

test('what has gone from the group leads nowhere', () => {
  assert.equal(roveTo('ArrowDown', 3, 0, { rightToLeft: false, placesOf: () => [] }), undefined);
  assert.equal(roveTo('Home', 0, 0, { rightToLeft: false, placesOf: () => [] }), undefined);
});
