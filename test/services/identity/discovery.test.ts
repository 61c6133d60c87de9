import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import type Provider from 'oidc-provider';
import { DISCOVERY, keepDiscovery } from '../../../services/identity/discovery.ts';

type Context = { readonly path: string; readonly status: number; readonly body: object };

/** The library, as far as it answers this: what it has made, and what is asked past it. */
function kept() {
  let pass: (context: Context, next: () => Promise<void>) => Promise<void> = async () => assert.fail('It looks at no answer.');
  const provider = { use: (middleware: typeof pass) => (pass = middleware) } as unknown as Provider;
  const answer = keepDiscovery(provider);
  const ask = (method: string, url: string) => {
    const written: unknown[] = [];
    const response = {
      writeHead: (status: number, headers: object) => {
        written.push(status, headers);
        return response;
      },
      end: (text: string) => void written.push(text),
    };
    const isAnswered = answer({ method, url } as IncomingMessage, response as unknown as ServerResponse);
    return isAnswered ? written : undefined;
  };
  return { made: (context: Context) => pass(context, async () => {}), ask };
}

test('the discovery document is answered past the library once that has made it', async () => {
  const { made, ask } = kept();
  assert.equal(ask('GET', DISCOVERY), undefined);
  await made({ path: DISCOVERY, status: 200, body: { issuer: 'https://identity.example' } });
  assert.deepEqual(ask('GET', DISCOVERY), [
    200,
    { 'content-type': 'application/json', 'cache-control': 'no-store' },
    '{"issuer":"https://identity.example"}',
  ]);
  for (const [method, url] of [
    ['POST', DISCOVERY],
    ['GET', '/jwks'],
    ['GET', `${DISCOVERY}?x`],
  ] as const)
    assert.equal(ask(method, url), undefined, `${method} ${url}`);
});

test('no other answer, and no refusal, is taken for it', async () => {
  const { made, ask } = kept();
  await made({ path: '/jwks', status: 200, body: { keys: [] } });
  await made({ path: DISCOVERY, status: 500, body: { error: 'server_error' } });
  assert.equal(ask('GET', DISCOVERY), undefined);
});
