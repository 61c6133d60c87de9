import assert from 'node:assert/strict';
import test from 'node:test';
import { openCookies } from '#runtime/http/cookies';
import { addRoutes } from '#runtime/http/routes';
import { closeServer, openServer } from '#runtime/http/server';
import { openMetrics } from '#runtime/metrics/metrics';
import { sendToProvider } from '../../../../services/workspace/sign-in/begin.ts';
import { FLOWS_MAX } from '../../../../services/workspace/sign-in/flow.ts';
import { SILENT } from '../../../log.ts';

test('one sign-in too many drops the oldest, and the other tabs go on', async (t) => {
  const flow = { state: 'the-state-of-the-new-one', nonce: 'n', verifier: 'v', next: '/', askedAgain: false, retried: false, until: 1 };
  const signIn = {
    flowKey: 'a2V5',
    start: async () => ({ url: new URL('https://login.example.com/'), flow }),
    finish: () => Promise.reject(new Error('not asked')),
    signOutAt: () => Promise.reject(new Error('not asked')),
  };
  const server = openServer({ log: SILENT, metrics: openMetrics() });
  const begun = { next: '/', askAgain: false };
  const parts = { signIn, cookies: openCookies(false), now: () => 0 };
  addRoutes(server, [
    { method: 'GET', path: '/', checks: [], handle: (request, reply) => sendToProvider(parts, { ...begun, request, reply }) },
  ]);
  t.after(() => closeServer(server));
  const removedOf = async (open: number) => {
    const cookie = Array.from({ length: open }, (_, n) => `holdfast-sign-in-${n}=x`).join('; ');
    const { headers } = await server.inject({ path: '/', headers: { cookie } });
    return [headers['set-cookie'] ?? []].flat().flatMap((set) => (set.includes('Max-Age=0') ? [set.split('=')[0]] : []));
  };
  assert.deepEqual(await removedOf(FLOWS_MAX - 1), []);
  assert.deepEqual(await removedOf(FLOWS_MAX), ['holdfast-sign-in-0']);
  assert.deepEqual(await removedOf(FLOWS_MAX + 1), ['holdfast-sign-in-0', 'holdfast-sign-in-1']);
});
