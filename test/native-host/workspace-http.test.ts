/** Requests to a Workspace that answers slowly, is under a company's own authority, or behind its proxy. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after, before, test } from 'node:test';
import { MARKER_HEADER } from '#protocol/feed';
import { type Ask, askWorkspace, readFromWorkspace } from '../../native-host/workspace-http.ts';
import { newAuthority } from '../authority.ts';
import { connectProxy } from '../connect-proxy.ts';
import { patience } from '../patience.ts';
import { refusedWith } from '../refused-with.ts';

const DEADLINE_MS = 200;
let answer: RequestListener;
let workspace = '';
const server = createServer((request, response) => answer(request, response));
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  workspace = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

const ask = (deadlineMs: number): Ask => ({
  workspace,
  caFile: undefined,
  path: '/',
  correlationId: 'of-the-test',
  deadlineMs,
  signal: new AbortController().signal,
});
/** Sends headers and one byte, and the rest never. */
const oneByte =
  (status: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { [MARKER_HEADER]: '1' }).write('{');
const inVain = { timeout: patience(10_000) };

test('a body that stops after its first byte ends at the deadline', inVain, async () => {
  answer = oneByte(200);
  await assert.rejects(readFromWorkspace(ask(DEADLINE_MS), 1_000), refusedWith('timeout'));
});

test('a refusal whose body stops after its first byte ends at the deadline', inVain, async () => {
  answer = oneByte(403);
  await assert.rejects(askWorkspace(ask(DEADLINE_MS)), refusedWith('timeout'));
});

test('the deadline of a body that is read as it comes ends with the headers', inVain, async () => {
  const rest = Promise.withResolvers<void>();
  answer = (_request, response) => {
    response.writeHead(200, { [MARKER_HEADER]: '1' }).write('a');
    void rest.promise.then(() => response.end('b'));
  };
  const response = await askWorkspace(ask(patience(5_000)));
  rest.resolve();
  assert.equal(Buffer.concat(await response.toArray()).toString(), 'ab');
});

test('a connection that breaks off within the body is an outage', inVain, async () => {
  answer = (_request, response) => {
    response.writeHead(200, { [MARKER_HEADER]: '1' }).write('{', () => response.destroy());
  };
  await assert.rejects(readFromWorkspace(ask(patience(5_000)), 1_000), refusedWith('unavailable'));
});

test('B-I5g a Workspace under a company’s own authority, which only the proxy reaches', inVain, async (t) => {
  const authority = await newAuthority(t);
  const secure = createTlsServer(await authority.certify('portal.test'), (_request, response) => {
    response.writeHead(200, { [MARKER_HEADER]: '1' }).end('it');
  });
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const address = secure.address();
  const host = `portal.test:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const proxy = await connectProxy(t);
  const { HTTPS_PROXY, NO_PROXY } = process.env;
  process.env['HTTPS_PROXY'] = proxy.url;
  t.after(() => {
    for (const [name, former] of Object.entries({ HTTPS_PROXY, NO_PROXY })) {
      if (former === undefined) delete process.env[name];
      else process.env[name] = former;
    }
    secure.close();
    secure.closeAllConnections();
  });
  const there = { ...ask(patience(5_000)), workspace: `https://${host}` };
  assert.equal(await readFromWorkspace({ ...there, caFile: authority.file }, 10), 'it');
  assert.deepEqual(proxy.asked, [host]);
  await assert.rejects(readFromWorkspace(there, 10), refusedWith('unavailable', /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/u));
  const before = proxy.asked.length;
  process.env['NO_PROXY'] = '.test';
  await assert.rejects(readFromWorkspace({ ...there, caFile: authority.file }, 10), refusedWith('unavailable'));
  assert.equal(proxy.asked.length, before, 'nobody asks the proxy for an exception');
});
