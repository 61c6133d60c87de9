import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { logRefusal, outcomeOf } from '#runtime/log/refusals';

function linesOf(thrown: unknown): unknown[] {
  const lines: unknown[] = [];
  const take = (level: string) => (fields: object, message: string) => void lines.push([level, Object.keys(fields), message]);
  logRefusal({ info: take('info'), error: take('error') }, thrown, { mode: 'lease' }, 'Launch refused.');
  return lines;
}

test('a refusal is a line with its facts, and a bug is an error with its stack', () => {
  assert.deepEqual(linesOf(new HoldfastError(3021, { reason: 'full' })), [['info', ['mode', 'code', 'reason'], 'Launch refused.']]);
  for (const bug of [new TypeError('of undefined'), new HoldfastError('internal', undefined, { cause: new Error('disk') }), 'a string'])
    assert.deepEqual(linesOf(bug), [['error', ['mode', 'err'], 'Internal error.']]);
});

test('the outcome for a metric is the code, and internal for anything unexpected', () => {
  assert.deepEqual([new HoldfastError(3021), new HoldfastError('too_many'), new TypeError('x')].map(outcomeOf), [
    '3021',
    'too_many',
    'internal',
  ]);
});
