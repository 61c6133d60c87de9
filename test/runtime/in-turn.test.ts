import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn } from '#runtime/in-turn';

test('the next piece of work begins when the one before has ended, well or not', async () => {
  const took = inTurn();
  const first = Promise.withResolvers<void>();
  const told: string[] = [];
  const works = [
    took(async () => {
      told.push('first begins');
      await first.promise;
      told.push('first ends');
      throw new Error('as it may');
    }),
    took(async () => {
      told.push('second');
      return 2;
    }),
  ] as const;
  await Promise.resolve();
  first.resolve();
  await assert.rejects(works[0], /as it may/u);
  assert.equal(await works[1], 2);
  assert.deepEqual(told, ['first begins', 'first ends', 'second']);
});
