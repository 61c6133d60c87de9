import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import test from 'node:test';
import { type Asking, pollUntilAborted } from '#runtime/component/trust-poll';

const AT_ONCE = { answered: 0, unanswered: 0 };

test('the root is asked at once until it answers, then for news, and at once again when it falls silent', async () => {
  const ending = new AbortController();
  const answers = [false, false, true, true, false, true];
  const asked: Asking[] = [];
  const ask = async (asking: Asking) => {
    asked.push(asking);
    if (asked.length === answers.length) ending.abort();
    return answers[asked.length - 1] ?? false;
  };
  await pollUntilAborted(ask, ending.signal, AT_ONCE);
  assert.deepEqual(asked, ['at once', 'at once', 'at once', 'for news', 'for news', 'at once']);
});

test('a component that lives for years leaves nothing behind at its signal with each question', async () => {
  const ending = new AbortController();
  let left = 50;
  const ask = async () => {
    if (--left === 0) ending.abort();
    assert.equal(getEventListeners(ending.signal, 'abort').length, 0);
    return true;
  };
  await pollUntilAborted(ask, ending.signal, AT_ONCE);
  assert.equal(left, 0);
});
