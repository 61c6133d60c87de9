import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { processDeadline } from '../../../services/connector/process-deadline.ts';

/** A deadline of 1 s, 3 s at most, and a clock that goes on by `stepMs` for each look of 50 ms that should be. */
function deadline(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const clock = { ms: 0 };
  const { signal, end } = processDeadline({ ownMs: 1_000, mostMs: 3_000 }, () => clock.ms);
  const looks = async (times: number, stepMs: number) => {
    for (let n = 0; n < times; n++) {
      clock.ms += stepMs;
      t.mock.timers.tick(50);
    }
    await turn();
  };
  return { signal, end, looks };
}

test('where the process keeps up, the deadline is the clock’s', async (t) => {
  const { signal, looks } = deadline(t);
  await looks(19, 50);
  assert.equal(signal.aborted, false);
  await looks(1, 50);
  assert.equal(signal.aborted, true);
});

test('time in which the process itself was late is not the other’s silence', async (t) => {
  const { signal, looks } = deadline(t);
  await looks(1, 900);
  await looks(18, 50);
  assert.equal(signal.aborted, false, '1.8 s by the clock, 0.95 s of own time');
  await looks(1, 50);
  assert.equal(signal.aborted, true);
});

test('a process that is always late still gives up', async (t) => {
  const { signal, looks } = deadline(t);
  await looks(9, 300);
  assert.equal(signal.aborted, false);
  await looks(1, 300);
  assert.equal(signal.aborted, true);
});

test('a wait that is over never ends in a deadline', async (t) => {
  const { signal, end, looks } = deadline(t);
  end();
  await looks(100, 50);
  assert.equal(signal.aborted, false);
});
