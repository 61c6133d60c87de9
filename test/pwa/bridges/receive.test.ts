import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
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

describe('what came is read whole', () => {
  const { signal } = new AbortController();
  const came = async (response: Response, more: object = {}) => {
    const sent = Object.defineProperties(response, { type: { value: 'basic' }, ...more });
    const answer = await receive(Promise.resolve(sent), signal);
    assert.ok(answer.is === 'answer');
    return answer;
  };
  /** A body in pieces, of which the last one is cut within a letter. */
  const pieces = (...parts: readonly Uint8Array[]) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
  const bytes = (text: string) => new TextEncoder().encode(text);

  test('with status, type and whose it is', async () => {
    const answer = await came(new Response('{}', { status: 403, headers: HEADERS }));
    assert.deepEqual(answer, { is: 'answer', status: 403, ours: true, contentType: 'application/json', text: '{}' });
    assert.deepEqual((await came(new Response(null, { status: 204 }))).text, '');
    assert.equal((await came(new Response(bytes('x')))).contentType, '');
  });

  test('B-W20b as ours only with our marker, from our own origin, and not by a detour', async () => {
    const ours = async (headers: Record<string, string>, more: object = {}) => (await came(new Response('{}', { headers }), more)).ours;
    assert.equal(await ours(HEADERS), true);
    assert.equal(await ours({}), false);
    assert.equal(await ours(HEADERS, { redirected: { value: true } }), false);
    assert.equal(await ours(HEADERS, { type: { value: 'cors' } }), false);
  });

  test('in pieces, also where one is cut within a letter', async () => {
    const whole = bytes('Zürich');
    assert.equal((await came(new Response(pieces(whole.slice(0, 2), whole.slice(2))))).text, 'Zürich');
  });

  test('as far as a list may be long; what is longer is nothing', async () => {
    const half = new Uint8Array(LIMITS.feedBytes / 2).fill(0x20);
    assert.equal((await came(new Response(pieces(half, half)))).text.length, LIMITS.feedBytes);
    assert.equal((await came(new Response(pieces(half, half, bytes('x'))))).text, '');
  });
});
