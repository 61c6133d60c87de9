import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { type FrontConfig, openFront } from '#runtime/http/front';
import { listen, openServer } from '#runtime/http/server';
import { openMetrics } from '#runtime/metrics/metrics';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';

const HERE = 'http://workspace.localhost:7400';
const PUBLIC = 'https://workspace.test';
const PROXY = '127.0.0.1';

/** What a front says of a real request from 127.0.0.1 with these headers: its client, or the reason of the refusal. */
async function judged(t: TestContext, config: FrontConfig, headers: Record<string, string>): Promise<string> {
  const front = openFront(config);
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((asked: IncomingMessage, response) => {
    try {
      front.check(asked);
      resolve(front.clientOf(asked));
    } catch (thrown) {
      resolve(thrown instanceof Error && 'reason' in thrown ? String(thrown.reason) : String(thrown));
    }
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const bound = server.address();
  request({ host: '127.0.0.1', port: bound !== null && typeof bound === 'object' ? bound.port : 0, headers }).end();
  return promise;
}

test('B-I5d only the configured name is answered, whatever a caller forwards', async (t) => {
  const config = { publicUrl: HERE, trustedProxies: [] };
  const host = new URL(HERE).host;
  assert.equal(await judged(t, config, { host }), '127.0.0.1');
  assert.equal(await judged(t, config, { host: host.toUpperCase() }), '127.0.0.1');
  assert.equal(
    await judged(t, { publicUrl: 'http://workspace.localhost', trustedProxies: [] }, { host: 'workspace.localhost:80' }),
    '127.0.0.1',
  );
  assert.equal(await judged(t, config, { host: 'evil.test' }), 'other-host');
  assert.equal(await judged(t, config, { host: 'workspace.localhost' }), 'other-host');
  assert.equal(await judged(t, config, { host: 'evil.test', 'x-forwarded-host': host }), 'other-host');
  assert.equal(await judged(t, config, { host, 'x-forwarded-host': 'evil.test', 'x-forwarded-for': '10.9.9.9' }), '127.0.0.1');
});

test('B-I5e of a named proxy, and of nobody else, the forwarded address, name and scheme count', async (t) => {
  const behind = { publicUrl: PUBLIC, trustedProxies: [PROXY, '10.0.0.0/8'] };
  const forwarded = {
    'x-forwarded-host': 'workspace.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.1.2.3',
  };
  assert.equal(
    await judged(t, behind, { host: 'inside:80', ...forwarded }),
    '203.0.113.7',
    'the last that is no proxy; before it anybody may write',
  );
  assert.equal(await judged(t, behind, { host: 'workspace.test' }), '127.0.0.1');
  assert.equal(await judged(t, behind, { host: 'Workspace.test:443' }), '127.0.0.1', 'the port may be written');
  assert.equal(await judged(t, behind, { host: 'workspace.test:80' }), 'other-host');
  assert.equal(await judged(t, behind, { ...forwarded, 'x-forwarded-proto': 'http' }), 'plain-http');
  assert.equal(await judged(t, behind, { ...forwarded, 'x-forwarded-host': 'evil.test' }), 'other-host');
  const elsewhere = { publicUrl: PUBLIC, trustedProxies: ['10.0.0.0/8'] };
  assert.equal(await judged(t, elsewhere, { host: 'workspace.test', ...forwarded }), 'plain-http', 'this caller is no proxy of ours');
});

test('a public name that needs TLS needs a proxy that has it', () => {
  assert.throws(() => openFront({ publicUrl: PUBLIC, trustedProxies: [] }), refusedWith('bad_config', /name the proxy in trustedProxies/u));
  for (const entry of ['10.0.0.0/40', 'aaaa', '1.2.3'])
    assert.throws(() => openFront({ publicUrl: PUBLIC, trustedProxies: [entry] }), refusedWith('bad_config'), entry);
});

/** Sends the bytes as they are; gives the status line. */
async function raw(t: TestContext, port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(text);
  const [chunk] = await new Promise<Buffer[]>((resolve, reject) => {
    socket.once('data', (data) => resolve([data]));
    socket.once('error', reject);
  });
  return String(chunk).split('\r\n')[0] ?? '';
}

test('B-I9a a request that names its host twice, or within its target, is refused by every service', async (t) => {
  const server = openServer({ log: SILENT, metrics: openMetrics() });
  server.get('/it', () => ({}));
  t.after(() => server.close());
  const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
  const ask = (target: string, ...headers: string[]) => raw(t, port, [`GET ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
  assert.match(await ask('/it', 'Host: a'), /200/u);
  assert.equal(await judged(t, { publicUrl: HERE, trustedProxies: [] }, { host: 'evil.test' }), 'other-host');
  assert.match(await ask('/it', 'Host: a', 'Host: b'), /400/u);
  assert.match(await ask('/it', 'Host: a', 'X-Forwarded-Host: a', 'x-forwarded-host: b'), /400/u);
  assert.match(await ask('http://evil.test/it', 'Host: a'), /400/u);
  assert.match(await ask('//evil.test/it', 'Host: a'), /400/u);
});

test('B-I9b every answer says how it may be read; HSTS where there is TLS', async (t) => {
  const headersOf = async (config: FrontConfig, headers: Record<string, string>) => {
    const server = openServer({ log: SILENT, metrics: openMetrics(), front: openFront(config) });
    server.get('/it', () => ({}));
    t.after(() => server.close());
    return (await server.inject({ url: '/it', headers })).headers;
  };
  const secure = await headersOf({ publicUrl: PUBLIC, trustedProxies: [PROXY] }, { host: 'workspace.test' });
  assert.equal(secure['strict-transport-security'], 'max-age=63072000');
  const plain = await headersOf({ publicUrl: HERE, trustedProxies: [] }, { host: new URL(HERE).host });
  assert.equal(plain['strict-transport-security'], undefined);
  for (const headers of [secure, plain]) {
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  }
});
