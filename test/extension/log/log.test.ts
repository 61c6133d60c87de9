import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../extension/log/log.ts';

test('the log keeps its newest 400 lines', () => {
  const log = createLog(
    () => 0,
    [],
    () => undefined,
  );
  for (let at = 0; at < 450; at += 1) log.write(`line ${at}`);
  assert.equal(log.lines().length, 400);
  assert.match(log.lines().at(-1) ?? '', /line 449$/u);
});
