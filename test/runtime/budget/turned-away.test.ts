import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turnedAwayBy } from '../../../runtime/budget/turned-away.ts';

test('B-S3g a flood is counted one by one and logged in sums, each budget for itself and to its end', () => {
  const timers: (() => void)[] = [];
  const lines: object[] = [];
  let counted = 0;
  const turnedAway = turnedAwayBy(
    { warn: (fields) => void lines.push(fields) },
    () => void counted++,
    (_ms, run) => void timers.push(run),
  );
  const tenSecondsLater = () => {
    for (const run of timers.splice(0)) run();
    return lines.splice(0);
  };
  for (let n = 0; n < 1_000; n++) turnedAway('192.0.2.1', 'turns');
  turnedAway('192.0.2.2', 'turns');
  turnedAway('192.0.2.3', 'work');
  assert.equal(counted, 1_002);
  assert.deepEqual(lines.splice(0), [
    { budget: 'turns', count: 1, lastSource: '192.0.2.1' },
    { budget: 'work', count: 1, lastSource: '192.0.2.3' },
  ]);
  assert.deepEqual(tenSecondsLater(), [{ budget: 'turns', count: 1_000, lastSource: '192.0.2.2' }], 'its end waits for no other event');
  turnedAway('192.0.2.4', 'turns');
  assert.deepEqual(tenSecondsLater(), [{ budget: 'turns', count: 1, lastSource: '192.0.2.4' }], 'one more is told, too');
  assert.deepEqual(tenSecondsLater(), []);
  assert.deepEqual(timers, [], 'nothing is left behind');
  turnedAway('192.0.2.1', 'work');
  assert.equal(lines.length, 1, 'the next flood is told at once');
});
