import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineBudget } from '#runtime/log/line-budget';
import type { Log } from '#runtime/log/log';
import { SILENT } from '../../log.ts';

test('B-S3g what one source is refused fills no log: it has a hundred lines, then ten a second, and others have their own', () => {
  const clock = { ms: 0 };
  const told = { info: 0, debug: 0 };
  const log: Log = { ...SILENT, info: () => void told.info++, debug: () => void told.debug++ };
  const linesOf = lineBudget(log, () => clock.ms);
  for (let n = 0; n < 1_000; n++) linesOf('flood').info({ n }, 'Refused.');
  assert.deepEqual(told, { info: 100, debug: 900 });
  linesOf('office').info({}, 'Refused.');
  assert.equal(told.info, 101);
  clock.ms = 1_000;
  for (let n = 0; n < 1_000; n++) linesOf('flood').info({ n }, 'Refused.');
  assert.equal(told.info, 111);
});
