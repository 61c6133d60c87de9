import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type PlaceLimits, placesFor } from '../../../runtime/budget/places.ts';

function started(limits: PlaceLimits) {
  const places = placesFor(limits);
  const gone: string[] = [];
  const take = (name: string) => places.take(name.split('-', 1)[0] ?? '', () => void gone.push(name));
  return { places, gone, take };
}

describe('B-S1g who is alone may have everything, and who has most gives way', () => {
  test('a source that is alone may have all places, and gives its oldest for a newcomer of another', () => {
    const { places, gone, take } = started({ most: 3, gives: 'oldest' });
    for (const name of ['flood-1', 'flood-2', 'flood-3', 'office-1']) assert.ok(take(name));
    assert.deepEqual(gone, ['flood-1']);
    assert.equal(places.taken(), 3);
  });

  test('where the oldest goes, a newcomer of the fullest source gets in, at its own expense', () => {
    const { gone, take } = started({ most: 3, gives: 'oldest' });
    for (const name of ['office-1', 'flood-1', 'flood-2', 'flood-3']) assert.ok(take(name));
    assert.deepEqual(gone, ['flood-1']);
  });

  test('where the newest goes, a newcomer of the fullest source is refused, and one of another gets in', () => {
    const { gone, take } = started({ most: 3, gives: 'newest' });
    for (const name of ['flood-1', 'flood-2', 'flood-3']) assert.ok(take(name));
    assert.equal(take('flood-4'), undefined);
    assert.ok(take('office-1'));
    assert.deepEqual(gone, ['flood-3']);
  });
});

test('a source has no more than its own cap, though there is room', () => {
  const { gone, take } = started({ most: 10, each: 1, gives: 'oldest' });
  for (const name of ['flood-1', 'office-1', 'flood-2']) assert.ok(take(name));
  assert.deepEqual(gone, ['flood-1']);
});

test('a place is left once, whoever says it', () => {
  const { places, take } = started({ most: 3, gives: 'oldest' });
  const leave = take('a-1');
  assert.ok(take('a-2') && take('b-1'));
  leave?.();
  leave?.();
  assert.equal(places.taken(), 2);
});

test('a place that was given to another is not left once more when its holder goes', () => {
  const { places, gone, take } = started({ most: 2, gives: 'oldest' });
  const leave = take('a-1');
  for (const name of ['a-2', 'b-1']) assert.ok(take(name));
  assert.deepEqual(gone, ['a-1']);
  leave?.();
  assert.equal(places.taken(), 2);
});
