import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { CORRELATION_HEADER, MARKER_HEADER } from '#protocol/feed';
import { escapeHtml, page } from '#runtime/http/page';
import { addRoutes, type Route } from '#runtime/http/routes';
import { openServer } from '#runtime/http/server';
import { openMetrics } from '#runtime/metrics/metrics';
import { SILENT } from '../../log.ts';

function server(t: TestContext, routes: readonly Route[], inFlightMax?: number) {
  const metrics = openMetrics();
  const opened = openServer({ log: SILENT, metrics, ...(inFlightMax !== undefined && { inFlightMax }) });
  addRoutes(opened, routes);
  t.after(() => opened.close());
  return { opened, metrics };
}
const route = (handle: Route['handle'], more: Partial<Route> = {}): Route => ({ method: 'POST', path: '/it', checks: [], handle, ...more });

test('what is thrown is sent as the table says, and a bug as ours without its words', async (t) => {
  const { opened } = server(t, [
    route(() => {
      throw new HoldfastError('conflict', { reason: 'asked-again' }, { cause: new Error('not to be sent') });
    }),
    route(
      () => {
        throw new Error('not to be sent');
      },
      { path: '/bug' },
    ),
  ]);
  const refused = await opened.inject({ method: 'POST', url: '/it', headers: { [CORRELATION_HEADER]: 'c0ffee00' } });
  assert.equal(refused.statusCode, 409);
  assert.equal(refused.headers[MARKER_HEADER], '1');
  assert.deepEqual(refused.json().error.correlationId, 'c0ffee00');
  assert.equal(refused.json().error.reason, 'asked-again');
  const bug = await opened.inject({ method: 'POST', url: '/bug' });
  assert.equal(`${bug.statusCode} ${bug.json().error.code}`, '500 internal');
  assert.doesNotMatch(refused.body + bug.body, /not to be sent/u);
});

test('a correlation id that is not one is replaced', async (t) => {
  const { opened } = server(t, [route(() => ({}))]);
  const answer = await opened.inject({ method: 'POST', url: '/it', headers: { [CORRELATION_HEADER]: '<script>' } });
  assert.match(String(answer.headers[CORRELATION_HEADER]), /^[0-9a-f-]{36}$/u);
});

test('checks come before the body is read', async (t) => {
  const no: Route['checks'] = [
    () => {
      throw new HoldfastError('untrusted_peer');
    },
  ];
  const { opened } = server(t, [route(() => ({}), { checks: no })]);
  const answer = await opened.inject({
    method: 'POST',
    url: '/it',
    headers: { 'content-type': 'application/json' },
    payload: 'this is not JSON',
  });
  assert.equal(answer.statusCode, 401);
});

test('more requests than a service answers at the same time are told to wait', async (t) => {
  const held = Promise.withResolvers<void>();
  const { opened } = server(t, [route(() => held.promise)], 2);
  const first = [opened.inject({ method: 'POST', url: '/it' }), opened.inject({ method: 'POST', url: '/it' })];
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await opened.inject({ method: 'POST', url: '/it' })).statusCode, 429);
  held.resolve();
  assert.deepEqual(
    (await Promise.all(first)).map(({ statusCode }) => statusCode),
    [200, 200],
  );
});

test('requests are counted by route and status', async (t) => {
  const { opened, metrics } = server(t, [route(() => ({}))]);
  await opened.inject({ method: 'POST', url: '/it' });
  assert.match((await metrics.text()).body, /holdfast_http_requests_total\{route="\/it",status="200"\} 1/u);
});

test('a page shows text as text, and its policy allows no script', () => {
  const { html, headers } = page({ title: '<b>', brand: 'A & B', body: escapeHtml('"><script>') });
  assert.doesNotMatch(html, /<b>|<script>/u);
  assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'/u);
});
