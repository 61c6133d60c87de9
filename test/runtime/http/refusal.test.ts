import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { asRefusal } from '#runtime/http/refusal';

test('a refusal of ours stays what it is', () => {
  const own = new HoldfastError('blocked');
  assert.equal(asRefusal(own), own);
});

const thrown = (more: object) => Object.assign(new Error('as it came'), more);
for (const [says, cause, code, reason] of [
  ['a body over the cap', thrown({ statusCode: 413 }), 'too_large', undefined],
  ['the first of what the framework refuses', thrown({ statusCode: 400 }), 'bad_request', undefined],
  ['the last of what the framework refuses', thrown({ statusCode: 499 }), 'bad_request', undefined],
  ['what is no refusal of a request', thrown({ statusCode: 399 }), 'internal', undefined],
  ['the framework’s own failure', thrown({ statusCode: 500 }), 'internal', undefined],
  ['a status that is no number', thrown({ statusCode: '400' }), 'internal', undefined],
  ['a database that is full', thrown({ code: '53100' }), 'unavailable', 'database-full'],
  ['a bug', thrown({}), 'internal', undefined],
  ['what is no error at all', 'a word', 'internal', undefined],
] as const) {
  test(`${says} is ${code}, with what it came of`, () => {
    const refusal = asRefusal(cause);
    assert.deepEqual([refusal.code, refusal.reason], [code, reason]);
    assert.equal(refusal.cause, cause);
  });
}
