/** Who connects while a service is busy, and another source has connected before by the hundred. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import test, { type TestContext } from 'node:test';
import type { Address } from '#protocol/primitives';
import { closeServer, listen, openServer } from '#runtime/http/server';
import { listenAt } from '#runtime/listen';
import { openMetrics } from '#runtime/metrics/metrics';
import { SILENT } from '../log.ts';

/** Of each way to listen: where, and what ends it. */
const WAYS: Readonly<Record<string, (t: TestContext) => Promise<{ at: Address; server: Server }>>> = {
  'an HTTP listener': async (t) => {
    const http = openServer({ log: SILENT, metrics: openMetrics() });
    const at = await listen(http, { host: '127.0.0.1', port: 0 });
    t.after(() => closeServer(http));
    return { at, server: http.server };
  },
  'any other listener': async (t) => {
    const server = createServer();
    t.after(() => server.close());
    return { at: await listenAt(server, { host: '127.0.0.1', port: 0 }), server };
  },
};

for (const [name, open] of Object.entries(WAYS)) {
  test(`B-S1a ${name} loses nobody: behind 800 connections of another source one waits for its turn, not for the system to try again`, async (t) => {
    const { at, server } = await open(t);
    server.on('connection', (socket) => void socket.destroy());
    const dial = (localAddress: string) => {
      const socket = connect({ ...at, localAddress });
      socket.on('error', () => {});
      t.after(() => socket.destroy());
      return socket;
    };
    const accepted = once(server, 'connection');
    const came: string[] = [];
    // All in one go, so that the system has them all before the server accepts any.
    for (let n = 0; n < 800; n++) dial('127.0.0.2');
    const honest = once(
      dial('127.0.0.3').once('connect', () => came.push('honest')),
      'connect',
    );
    await accepted;
    const later = once(
      dial('127.0.0.3').once('connect', () => came.push('later')),
      'connect',
    );
    await Promise.all([honest, later]);
    assert.deepEqual(came, ['honest', 'later']);
  });
}
