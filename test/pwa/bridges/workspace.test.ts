/** What the page sends to the Workspace, and how. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { openWorkspace, SIGN_IN_AGAIN_PATH, SIGN_IN_PATH } from '../../../pwa/bridges/workspace.ts';

let sent: { readonly path: string; readonly init: RequestInit }[];
let answer: () => Promise<Response>;

beforeEach(() => {
  sent = [];
  answer = async () => new Response('{}', { headers: { [MARKER_HEADER]: '1', 'content-type': 'application/json' } });
  Object.assign(globalThis, {
    fetch: (path: string, init: RequestInit) => {
      sent.push({ path, init });
      return answer();
    },
  });
});

const CSRF = 'c'.repeat(22);
const never = new AbortController().signal;
const resource = { feed: 'apps', id: 'ledger' };
const jwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } as const;

const CALLS: Readonly<Record<string, readonly [call: () => Promise<unknown>, path: string, body: unknown]>> = {
  session: [() => openWorkspace().session(never), '/api/v1/session', undefined],
  feed: [() => openWorkspace().feed('apps', 'mara-keller-1', never), '/api/v1/feeds/apps', undefined],
  launch: [() => openWorkspace().launch({ resource, jkt: 'J' }, CSRF, '7f3a91c2', never), '/api/v1/launches', { resource, jkt: 'J' }],
  pageToken: [() => openWorkspace().pageToken('challenge', CSRF), '/api/v1/page-token', { challenge: 'challenge' }],
  device: [
    () => openWorkspace().device({ sign: jwk, enc: jwk, claimsHardware: false, proof: 'a.b.c' }, CSRF),
    '/api/v1/devices',
    { sign: jwk, enc: jwk, claimsHardware: false, proof: 'a.b.c' },
  ],
  signOut: [() => openWorkspace().signOut(CSRF), '/auth/sign-out', undefined],
};

for (const [name, [call, path, body]] of Object.entries(CALLS)) {
  test(`${name} goes to its own path, never by way of a redirect; what changes something has the session’s proof`, async () => {
    await call();
    const [{ path: to, init } = { path: '', init: {} }] = sent;
    assert.deepEqual([to, init.redirect, init.credentials], [path, 'manual', 'same-origin']);
    const headers = new Headers(init.headers);
    const changes = name !== 'session' && name !== 'feed';
    assert.deepEqual([init.method ?? 'GET', headers.get('holdfast-csrf')], changes ? ['POST', CSRF] : ['GET', null]);
    assert.deepEqual(typeof init.body === 'string' ? JSON.parse(init.body) : undefined, body);
    assert.equal(headers.get('content-type'), body === undefined ? null : 'application/json');
  });
}

test('a launch carries its ID', async () => {
  await CALLS['launch']?.[0]();
  assert.equal(new Headers(sent[0]?.init.headers).get('holdfast-correlation-id'), '7f3a91c2');
});

test('the session is asked past the browser’s cache, so that a second ask is not held up by the first', async () => {
  await openWorkspace().session(never);
  await openWorkspace().feed('apps', 'mara-keller-1', never);
  assert.deepEqual(
    sent.map(({ init }) => init.cache),
    ['no-store', 'no-cache'],
  );
});

describe('a request that is given up', () => {
  test('by the page ends at once', async () => {
    const mine = new AbortController();
    answer = () =>
      new Promise((_, refuse) => sent[0]?.init.signal?.addEventListener('abort', () => refuse(new DOMException('no', 'AbortError'))));
    const asked = openWorkspace().session(mine.signal);
    mine.abort();
    assert.deepEqual(await asked, { is: 'failed', cause: 'network' });
  });

  test('has a deadline of its own, too', async () => {
    await openWorkspace().signOut(CSRF);
    await openWorkspace().session(never);
    assert.ok(sent.every(({ init }) => init.signal instanceof AbortSignal && init.signal !== never));
  });
});

test('the way to the sign-in leads back here; after a sign-out nobody heard of, it asks anew', () => {
  assert.equal(SIGN_IN_PATH, '/auth/sign-in?next=%2F%3Fsigned-in');
  assert.equal(SIGN_IN_AGAIN_PATH, `${SIGN_IN_PATH}&again=1`);
});
