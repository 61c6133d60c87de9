import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import type { Metrics } from '#runtime/metrics/metrics';
import { openMetrics } from '#runtime/metrics/metrics';
import { type Check, startManagement } from '#runtime/service/management';

/** How often the metrics were collected and the checks run. */
interface Counted {
  metrics: number;
  checks: number;
}

async function started(t: TestContext) {
  const counted: Counted = { metrics: 0, checks: 0 };
  const real = openMetrics();
  const text: Metrics['text'] = () => {
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
  const server = await startManagement({ host: '127.0.0.1', port: 0 }, { ...real, text }, () => [check]);
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
  return { counted, dial };
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
