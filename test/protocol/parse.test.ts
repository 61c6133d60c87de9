import assert from 'node:assert/strict';
import test from 'node:test';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parse, parseJson } from '#protocol/parse';

const Shape = v.object({ user: v.object({ password: v.pipe(v.string(), v.minLength(12)) }) });

function refusalBy(work: () => unknown): HoldfastError {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof HoldfastError);
    return thrown;
  }
  return assert.fail('It was taken.');
}

test('a refusal names the wrong field, never its value: it may be a secret', () => {
  const refusal = refusalBy(() => parse(Shape, { user: { password: 'hunter2' } }));
  assert.equal(refusal.code, 'bad_request');
  assert.match(refusal.message, /field=user\.password/u);
  assert.doesNotMatch(refusal.message, /hunter2/u);
  assert.match(refusalBy(() => parse(Shape, null)).message, /\(whole\)/u);
});

test('text that is too large is refused before it is read, text that is no JSON with the code that was asked for', () => {
  assert.equal(refusalBy(() => parseJson(Shape, '{}', 1)).code, 'too_large');
  assert.equal(refusalBy(() => parseJson(Shape, '{', 10, 3009)).code, 3009);
  assert.equal(refusalBy(() => parseJson(Shape, '{}', 10, 'bad_config')).code, 'bad_config');
  assert.deepEqual(parseJson(v.number(), '1', 1), 1);
});
