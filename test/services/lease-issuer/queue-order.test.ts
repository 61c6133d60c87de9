import assert from 'node:assert/strict';
import test from 'node:test';
import { jobsAhead, nextJob } from '../../../services/lease-issuer/queue-order.ts';

const job = (id: string, subject: string, queuedAt: number) => ({ id, subject, queuedAt });

test('lease syncs are worked off in the order in which they were asked for', () => {
  const waiting = [job('late', 'a', 2), job('early', 'b', 1)];
  assert.equal(nextJob(waiting, new Set())?.id, 'early');
  assert.equal(jobsAhead(waiting, job('late', 'a', 2), 1), 2);
});

test('one person with many devices does not hold up the others', () => {
  const waiting = [job('a2', 'a', 1), job('a3', 'a', 2), job('b1', 'b', 3)];
  assert.equal(nextJob(waiting, new Set(['a']))?.id, 'b1');
  assert.equal(nextJob(waiting, new Set(['a', 'b'])), undefined);
});

test('of those who asked in the same moment the order is the same for all', () => {
  for (const waiting of [
    [job('a', 'x', 1), job('b', 'y', 1), job('c', 'z', 1)],
    [job('c', 'z', 1), job('b', 'y', 1), job('a', 'x', 1)],
  ]) {
    assert.equal(nextJob(waiting, new Set())?.id, 'a');
    assert.deepEqual(waiting.map((one) => `${one.id} ${jobsAhead(waiting, one, 0)}`).sort(), ['a 0', 'b 1', 'c 2']);
  }
});
