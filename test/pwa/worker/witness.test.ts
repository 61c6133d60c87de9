import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { hearsWorkspace } from '../../../pwa/worker/witness.ts';

async function hears(status: number, headers: Record<string, string> = { [MARKER_HEADER]: '1' }): Promise<boolean> {
  const response = Object.defineProperty(new Response('x', { status, headers }), 'type', { value: 'basic' });
  const sent = mock.method(globalThis, 'fetch', async () => response);
  try {
    return await hearsWorkspace();
  } finally {
    sent.mock.restore();
  }
}

test('the worker hears the Workspace whatever it says, but nobody in its place, and no failing server', async () => {
  assert.equal(await hears(200), true);
  assert.equal(await hears(401), true);
  assert.equal(await hears(503), false);
  assert.equal(await hears(200, {}), false);
});

test('no answer is none', async () => {
  const sent = mock.method(globalThis, 'fetch', async () => Promise.reject(new TypeError('refused')));
  assert.equal(await hearsWorkspace(), false);
  sent.mock.restore();
});
