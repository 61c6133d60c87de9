import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnedAwayBy } from '../../../runtime/budget/turned-away.ts';

test('B-S3g a flood is counted one by one and logged in sums', () => {
  const clock = { ms: 0 };
  const lines: object[] = [];
  let counted = 0;
  const turnedAway = turnedAwayBy(
    { warn: (fields) => void lines.push(fields) },
    () => void counted++,
    () => clock.ms,
  );
  for (let n = 0; n < 1_000; n++) turnedAway('192.0.2.1', 'turns');
  clock.ms += 10_000;
  turnedAway('192.0.2.1', 'work');
  assert.equal(counted, 1_001);
  assert.deepEqual(lines, [
    { source: '192.0.2.1', budget: 'turns', count: 1 },
    { source: '192.0.2.1', budget: 'work', count: 1_000 },
  ]);
});
