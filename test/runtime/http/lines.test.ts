import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'node:test';
import { sendLines } from '#runtime/http/lines';
import { addRoutes } from '#runtime/http/routes';
import { listen, openServer } from '#runtime/http/server';
import { openMetrics } from '#runtime/metrics/metrics';
import { SILENT } from '../../log.ts';

test('a reader that stands still is given up, and what it held is free again', async (t) => {
  const released = Promise.withResolvers<void>();
  let made = 0;
  async function* endless() {
    try {
      for (; ; made++) yield `${'x'.repeat(65_536)}\n`;
    } finally {
      released.resolve();
    }
  }
  const server = openServer({ log: SILENT, metrics: openMetrics() });
  const patience = new AbortController().signal;
  addRoutes(server, [
    { method: 'GET', path: '/lines', checks: [], handle: (_request, reply) => sendLines(reply, endless(), patience, 50) },
  ]);
  const { port } = await listen(server, { host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /lines HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'readable');
  // From here on nothing is read.
  await released.promise;
  // What both sides' sockets hold is some MiB: nothing was made that had no room.
  assert.ok(made > 0 && made < 1_000, `${made} lines of 64 KiB were made`);
  socket.destroy();
});
