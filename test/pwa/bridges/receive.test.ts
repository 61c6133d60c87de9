import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { receive } from '../../../pwa/bridges/receive.ts';

const HEADERS = { 'holdfast-copy': 'timeout', [MARKER_HEADER]: '1', 'content-type': 'application/json' };

test('only a response that the worker made can be a copy: the header on one from the network means nothing', async () => {
  const { signal } = new AbortController();
  const made = new Response('{}', { headers: HEADERS });
  assert.deepEqual(await receive(Promise.resolve(made), signal), { is: 'copy', cause: 'timeout', text: '{}' });
  const fetched = Object.defineProperty(new Response('{}', { headers: HEADERS }), 'type', { value: 'basic' });
  const answer = await receive(Promise.resolve(fetched), signal);
  assert.equal(answer.is, 'answer');
});

test('a request that is given up is late, one that breaks is lost', async () => {
  const broken = (signal: AbortSignal) => receive(Promise.reject(new TypeError('broken')), signal);
  assert.deepEqual(await broken(new AbortController().signal), { is: 'lost', cause: 'network' });
  assert.deepEqual(await broken(AbortSignal.abort()), { is: 'lost', cause: 'timeout' });
});
