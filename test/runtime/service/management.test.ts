import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get as httpGet } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import type { Metrics } from '#runtime/metrics/metrics';
import { openMetrics } from '#runtime/metrics/metrics';
import { type Check, startManagement } from '#runtime/service/management';

/** How often the metrics were collected and the checks run. */
interface Counted {
  metrics: number;
  checks: number;
}

async function started(t: TestContext, checks?: () => readonly Check[] | undefined) {
  const counted: Counted = { metrics: 0, checks: 0 };
  const real = openMetrics();
  const scrape: Metrics['text'] = () => {
    counted.metrics += 1;
    return real.text();
  };
  const check: Check = {
    name: 'x',
    run: () => {
      counted.checks += 1;
      return undefined;
    },
  };
  const server = await startManagement({ host: '127.0.0.1', port: 0 }, { ...real, text: scrape }, checks ?? (() => [check]));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const dial = (localAddress = '127.0.0.1'): Socket => {
    const socket = connect({ port: address.port, host: '127.0.0.1', localAddress });
    t.after(() => socket.destroy());
    return socket.on('error', () => {});
  };
  return { counted, dial, port: address.port };
}
const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

test('B-S3a a connection to the management port asks one thing at a time: thousands of requests at once end it, and cost one', async (t) => {
  const { counted, dial } = await started(t);
  for (const path of ['/metrics', '/readyz']) {
    const socket = dial().resume();
    socket.write(get(path).repeat(5_000));
    await new Promise((resolve) => socket.once('close', resolve));
  }
  assert.ok(counted.metrics <= 1, `${counted.metrics}`);
  assert.ok(counted.checks <= 1, `${counted.checks}`);
});

test('B-S2b many who ask the management port within a moment are answered from one look', async (t) => {
  const { counted, dial } = await started(t);
  const answers = Array.from({ length: 50 }, async (_, n) => {
    const socket = dial();
    socket.write(get(['/metrics', '/readyz', '/livez'][n % 3] ?? ''));
    const [data] = await once(socket, 'data');
    return String(data).split(' ', 2)[1];
  });
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(['200']));
  assert.ok(counted.metrics + counted.checks < 25, `${counted.metrics} and ${counted.checks}`);
});

test('B-S2b however many connections one source has, /livez and /readyz are answered, to itself and to others', async (t) => {
  const { dial } = await started(t);
  const flood = Array.from({ length: 300 }, () => dial('127.0.0.2'));
  await Promise.all(flood.map((socket) => once(socket, 'connect')));
  for (const from of ['127.0.0.1', '127.0.0.2']) {
    for (const path of ['/livez', '/readyz']) {
      const socket = dial(from);
      socket.write(get(path));
      const [data] = await once(socket, 'data');
      assert.match(String(data), /^HTTP\/1\.1 200 /u, `${path} to ${from}`);
    }
  }
});

/** Status and body, and whether it was asked on a connection that had been asked before. */
async function asked(port: number, path: string, agent?: Agent): Promise<readonly [status: number, body: string, again: boolean]> {
  const request = httpGet({ host: '127.0.0.1', port, path, ...(agent !== undefined && { agent }) });
  const [response] = await once(request, 'response');
  return [response.statusCode, await text(response), request.reusedSocket];
}
const readiness = async (port: number) => {
  const [status, body] = await asked(port, '/readyz');
  return [status, JSON.parse(body)];
};
const found = async (...what: Parameters<typeof asked>) => (await asked(...what)).slice(0, 2);

test('a service that is starting lives and is not ready; what is not there is not found', async (t) => {
  const { port } = await started(t, () => undefined);
  assert.deepEqual(await readiness(port), [503, { ready: false, checks: [{ name: 'started', ok: false, detail: 'Still starting.' }] }]);
  assert.deepEqual(await found(port, '/livez?verbose'), [200, '{"alive":true}']);
  assert.deepEqual(await found(port, '/secrets'), [404, '{}']);
});

test('each check says what is wrong in words, and advice keeps a service ready', async (t) => {
  const checks: Check[] = [
    { name: 'good', run: () => undefined },
    { name: 'advice', isAdvice: true, run: () => 'Better soon.' },
    { name: 'good advice', isAdvice: true, run: async () => undefined },
  ];
  const { port } = await started(t, () => checks);
  const well = [
    { name: 'good', ok: true },
    { name: 'advice', ok: false, isAdvice: true, detail: 'Better soon.' },
    { name: 'good advice', ok: true },
  ];
  assert.deepEqual(await readiness(port), [200, { ready: true, checks: well }]);
});

for (const [says, run, detail] of [
  ['says so', () => 'The disk is full.', /^The disk is full\.$/u],
  ['refuses', () => new HoldfastError('unavailable', { reason: 'no-site-copy' }), /^\S.*\.$/u],
  ['throws a refusal', () => Promise.reject(new HoldfastError('too_many')), /^Too many requests\./u],
  ['throws an error', () => Promise.reject(new Error('of the disk')), /^of the disk$/u],
  ['throws something else', () => Promise.reject('nothing of ours'), /^It failed\.$/u],
  ['does not answer', () => new Promise<undefined>(() => {}), /^No answer\.$/u],
] as const) {
  test(`a check that ${says} makes a service not ready`, async (t) => {
    const { port } = await started(t, () => [{ name: 'x', run }]);
    const [status, { ready, checks }] = await readiness(port);
    assert.deepEqual([status, ready, checks[0].ok], [503, false, false]);
    assert.match(checks[0].detail, detail);
  });
}

test('what was found is told for a tenth of a second, and then looked for again', async (t) => {
  const clock = { ms: 0 };
  t.mock.method(performance, 'now', () => clock.ms);
  const { counted, port } = await started(t);
  for (const [ms, looks] of [
    [0, 1],
    [99, 1],
    [100, 2],
    [199, 2],
    [200, 3],
  ] as const) {
    clock.ms = ms;
    assert.equal((await readiness(port))[0], 200);
    assert.equal(counted.checks, looks, `${ms} ms`);
  }
});

test('a monitor keeps its connection, however many others came and went', async (t) => {
  const { dial, port } = await started(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.deepEqual(await asked(port, '/livez', agent), [200, '{"alive":true}', false]);
  for (let n = 0; n < 300; n += 1) {
    const other = dial();
    await once(other, 'connect');
    other.end();
    await once(other, 'close');
  }
  assert.deepEqual(await asked(port, '/livez', agent), [200, '{"alive":true}', true]);
});
