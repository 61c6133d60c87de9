import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, fail, failForNow } from '#core/verdict';

test('a refusal keeps the facts of the judgement, and may be asked again only where the judge may change', () => {
  const final = errorOf(fail(3022, { reason: 'blocked' }));
  const passing = errorOf(failForNow(3020, { reason: 'no-list' }));
  assert.deepEqual([final.code, final.retryable, final.reason], [3022, false, 'blocked']);
  assert.deepEqual([passing.code, passing.retryable, passing.reason], [3020, true, 'no-list']);
});

test('what is not said of a judgement is absent', () => {
  assert.deepEqual(fail('pin'), { ok: false, why: 'pin' });
  assert.deepEqual(fail('role', { found: 'gateway' }), { ok: false, why: 'role', more: { found: 'gateway' } });
});
