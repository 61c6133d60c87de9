import assert from 'node:assert/strict';
import test from 'node:test';
import { heldPlaces } from '#core/placement/held-places';

const granted = (subject: string, ...hosts: readonly string[]) => hosts.map((sessionHost) => ({ sessionHost, subject }));

test('granted sessions hold a place each until they are reported', () => {
  const places = heldPlaces([...granted('mara', 'a', 'b'), ...granted('otto', 'a')]);
  assert.deepEqual(
    [...places],
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

test('B-R6h one person’s unattached launches hold three places, however many they are: those of the newest', () => {
  const places = heldPlaces([...granted('mara', 'c', 'c', 'b', 'b', 'a', 'a'), ...granted('otto', 'a')]);
  assert.deepEqual(
    [...places],
    [
      ['c', 2],
      ['b', 1],
      ['a', 1],
    ],
  );
});
