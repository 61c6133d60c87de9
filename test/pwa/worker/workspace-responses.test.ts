import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { workspaceResponsesOnly } from '../../../pwa/worker/workspace-responses.ts';

function response(change: { status?: number; type?: string; redirected?: boolean; marked?: boolean; contentType?: string }): Response {
  const { status = 200, type = 'basic', redirected = false, marked = true, contentType = 'image/svg+xml' } = change;
  const made = new Response('x', { status, headers: { 'content-type': contentType, ...(marked ? { [MARKER_HEADER]: '1' } : {}) } });
  return Object.defineProperties(made, { type: { value: type }, redirected: { value: redirected } });
}

test('the worker keeps nothing that is redirected, unmarked, foreign or of another type', async () => {
  const kept = async (change: Parameters<typeof response>[0]): Promise<boolean> =>
    (await workspaceResponsesOnly('image/').cacheWillUpdate({ response: response(change) })) !== null;
  assert.equal(await kept({}), true);
  assert.equal(await kept({ redirected: true }), false);
  assert.equal(await kept({ marked: false }), false);
  assert.equal(await kept({ type: 'opaque' }), false);
  assert.equal(await kept({ status: 404 }), false);
  assert.equal(await kept({ contentType: 'text/html' }), false);
});
