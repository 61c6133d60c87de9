import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import type { Address } from '#protocol/primitives';
import { openFront } from '#runtime/http/front';
import { guardOf } from '#runtime/http/guard';
import { addRoutes, type Route } from '#runtime/http/routes';
import { closeServer, listen, openServer } from '#runtime/http/server';
import type { Log } from '#runtime/log/log';
import { openMetrics } from '#runtime/metrics/metrics';
import { SILENT } from '../../log.ts';
import { untilHolds } from '../../until.ts';

const HEALTH = '/health';

interface Started {
  readonly at: Address;
  /** requests that Node has read */
  readonly read: () => number;
  readonly lines: { readonly fields: object; readonly message: string }[];
  readonly turnedAway: (budget: string) => Promise<boolean>;
}

async function started(t: TestContext, handle: Route['handle'], inFlightMax: number): Promise<Started> {
  const lines: Started['lines'] = [];
  const note = (fields: object, message: string) => void lines.push({ fields, message });
  const log: Log = { ...SILENT, info: note, warn: note, error: note };
  const metrics = openMetrics();
  const server = openServer({ log, metrics, inFlightMax, always: [HEALTH] });
  addRoutes(server, [
    { method: 'POST', path: '/it', checks: [], handle },
    { method: 'GET', path: '/it', checks: [], handle },
    { method: 'GET', path: HEALTH, checks: [], handle: () => ({ up: true }) },
  ]);
  let read = 0;
  server.server.on('request', () => {
    read += 1;
  });
  const at = await listen(server, { host: '127.0.0.1', port: 0 });
  t.after(() => {
    server.server.closeAllConnections();
    return closeServer(server);
  });
  const turnedAway = async (budget: string) => (await metrics.text()).body.includes(`holdfast_http_turned_away_total{budget="${budget}"}`);
  return { at, read: () => read, lines, turnedAway };
}

function dial(t: TestContext, at: Address, localAddress: string): Socket {
  const socket = connect({ ...at, localAddress });
  socket.on('error', () => {}).resume();
  t.after(() => socket.destroy());
  return socket;
}
const HALF = 'POST /it HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{';
const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const post = (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;

/** The status of what is asked on a connection of its own. */
async function asked(t: TestContext, at: Address, text: string, localAddress = '127.0.0.1'): Promise<string> {
  const socket = dial(t, at, localAddress);
  socket.write(text);
  const [data] = await once(socket, 'data');
  return String(data).split(' ', 2)[1] ?? '';
}

test('B-S3b half-sent bodies hold no place in work, so that they close nothing, even for their own source', async (t) => {
  const { at } = await started(t, () => ({}), 2);
  const sockets = Array.from({ length: 20 }, () => dial(t, at, '127.0.0.2'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.write(HALF);
  assert.equal(await asked(t, at, post('/it')), '200');
  assert.equal(await asked(t, at, post('/it'), '127.0.0.2'), '200');
});

test('B-S1a when connections are full, the oldest of the source that has most of them is cut, and another gets in', async (t) => {
  const metrics = openMetrics();
  const guard = guardOf({ log: SILENT, metrics, inWorkMax: 10, openMax: 3, headers: {} });
  const server = createServer(guard.before((_request, response) => void response.end('in')));
  guard.watch(server, false);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  const at = { host: '127.0.0.1', port: bound !== null && typeof bound === 'object' ? bound.port : 0 };
  const waiting: Socket[] = [];
  for (let n = 0; n < 3; n++) {
    const accepted = once(server, 'connection');
    waiting.push(dial(t, at, '127.0.0.2'));
    await accepted;
  }
  assert.equal(await asked(t, at, get('/it'), '127.0.0.3'), '200');
  await untilHolds(() => waiting[0]?.destroyed === true || waiting[0]?.readableEnded === true);
  assert.deepEqual(
    waiting.slice(1).map(({ destroyed, readableEnded }) => destroyed || readableEnded),
    [false, false],
  );
  assert.ok((await metrics.text()).body.includes('holdfast_http_turned_away_total{budget="connections"} 1'));
});

test('B-S1f behind a trusted proxy the client is the source, an IPv6 network as one', async (t) => {
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const front = openFront({ publicUrl: 'https://workspace.test', trustedProxies: ['127.0.0.1'] });
  const server = openServer({ log: SILENT, metrics: openMetrics(), inFlightMax: 1, front });
  const handle = (request: { readonly method: string }) => {
    begun += 1;
    return request.method === 'POST' ? held.promise : {};
  };
  addRoutes(server, [
    { method: 'POST', path: '/it', checks: [], handle },
    { method: 'GET', path: '/it', checks: [], handle },
  ]);
  const at = await listen(server, { host: '127.0.0.1', port: 0 });
  t.after(() => {
    server.server.closeAllConnections();
    return closeServer(server);
  });
  const by = (client: string, text: string) =>
    text.replace('host: x', `host: workspace.test\r\nx-forwarded-proto: https\r\nx-forwarded-for: ${client}`);
  dial(t, at, '127.0.0.1').write(by('2001:db8:1:2::1', post('/it')));
  await untilHolds(() => begun === 1);
  assert.equal(await asked(t, at, by('2001:db8:1:2:aaaa::2', get('/it'))), '429', 'another address of its network');
  assert.equal(await asked(t, at, by('2001:db8:1:3::1', get('/it'))), '200');
  held.resolve();
});

test('B-S1b, B-S1g when work is full, the source that has most of it is refused, and another gets in', async (t) => {
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const { at, turnedAway } = await started(
    t,
    (request) => {
      begun += 1;
      return request.method === 'POST' ? held.promise : {};
    },
    3,
  );
  const waiting = Array.from({ length: 3 }, () => dial(t, at, '127.0.0.2'));
  for (const socket of waiting) socket.write(post('/it'));
  await untilHolds(() => begun === 3);
  assert.equal(await asked(t, at, get('/it'), '127.0.0.2'), '429');
  assert.equal(await asked(t, at, get('/it'), '127.0.0.3'), '200');
  assert.ok(await turnedAway('work'));
  await untilHolds(() => waiting.filter(({ destroyed, readableEnded }) => destroyed || readableEnded).length === 1);
  held.resolve();
});

test('who goes away while being answered leaves the place in work', async (t) => {
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const { at } = await started(
    t,
    (request) => {
      begun += 1;
      return request.method === 'POST' ? held.promise : {};
    },
    1,
  );
  const gone = dial(t, at, '127.0.0.2');
  gone.write(post('/it'));
  await untilHolds(() => begun === 1);
  gone.destroy();
  await untilHolds(async () => (await asked(t, at, get('/it'), '127.0.0.2')) === '200');
  held.resolve();
});

test('a request whose caller has gone before its turn is not begun', async () => {
  const guard = guardOf({ log: SILENT, metrics: openMetrics(), inWorkMax: 100, headers: {} });
  const begun: unknown[] = [];
  const ask = guard.before(({ socket }) => void begun.push(socket.remotePort));
  const responses = Array.from({ length: 10 }, (_, remotePort) => {
    const request = { socket: { destroyed: false, remoteAddress: '127.0.0.1', remotePort }, url: '/it', method: 'GET', headers: {} };
    const response = Object.assign(new EventEmitter(), { destroyed: false });
    // Only this much of them is used.
    ask(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    return response;
  });
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7], 'those of the first round');
  Object.assign(responses[8] ?? assert.fail(), { destroyed: true });
  await untilHolds(() => begun.length > 8);
  assert.deepEqual(begun.slice(8), [9]);
});

test('B-S2a health is answered when work is full, to the source that fills it, too', async (t) => {
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const { at } = await started(
    t,
    () => {
      begun += 1;
      return held.promise;
    },
    1,
  );
  dial(t, at, '127.0.0.2').write(get('/it'));
  await untilHolds(() => begun === 1);
  assert.equal(await asked(t, at, get('/it'), '127.0.0.2'), '429');
  assert.equal(await asked(t, at, get(HEALTH), '127.0.0.2'), '200');
  held.resolve();
});

test('B-S3a a connection asks one thing at a time: pipelined requests end it, cost no work and are not read', async (t) => {
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const { at, read, turnedAway } = await started(
    t,
    () => {
      begun += 1;
      return held.promise;
    },
    100,
  );
  const socket = dial(t, at, '127.0.0.2');
  socket.write(get('/it').repeat(5_000));
  await new Promise((resolve) => socket.once('close', resolve));
  assert.ok(begun <= 1);
  assert.equal(read(), 2);
  assert.ok(await turnedAway('pipelined'));
  held.resolve();
});

test('requests one after the other on one connection are answered', async (t) => {
  const { at } = await started(t, () => ({}), 1);
  const socket = dial(t, at, '127.0.0.1');
  for (let n = 0; n < 20; n++) {
    socket.write(n % 2 === 0 ? get('/it') : post('/it'));
    const [data] = await once(socket, 'data');
    assert.match(String(data), /^HTTP\/1\.1 200 /u);
  }
});

test('B-S3f a refusal is logged as facts without a stack, and refusals of a flood are not lines of their own', async (t) => {
  const held = Promise.withResolvers<void>();
  const { at, lines } = await started(t, () => held.promise, 1);
  assert.equal(await asked(t, at, 'POST /it HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{,'), '400');
  dial(t, at, '127.0.0.2').write(get('/it'));
  for (let n = 0; n < 20; n++) assert.equal(await asked(t, at, get('/it'), '127.0.0.2'), '429');
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['Refused.', 'Turned away: too much at once.'],
  );
  assert.doesNotMatch(JSON.stringify(lines.map(({ fields }) => fields)), /"err"|stack|\.ts:/u);
  held.resolve();
});

test('B-I9b who is refused because too many wait gets the headers of every other answer', async (t) => {
  const headers = { 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin' };
  const guarded = guardOf({ log: SILENT, metrics: openMetrics(), inWorkMax: 1, headers }).before(
    (_request, response) => void response.end(),
  );
  // 8 begin and 1,024 wait; all of them come in one round of the event loop, as those of a flood do.
  const come: Parameters<typeof guarded>[] = [];
  const server = createServer((...one) => {
    come.push(one);
    if (come.length === 1_033) for (const each of come) guarded(...each);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const bound = server.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  const answers = Array.from({ length: 1_033 }, () => {
    const socket = dial(t, { host: '127.0.0.1', port }, '127.0.0.2');
    socket.write(get('/it'));
    return once(socket, 'data');
  });
  const refused = (await Promise.all(answers)).map(([data]) => String(data)).filter((text) => text.startsWith('HTTP/1.1 429 '));
  assert.equal(refused.length, 1);
  for (const [name, value] of Object.entries(headers)) assert.ok(refused[0]?.includes(`${name}: ${value}\r\n`), name);
});

test('B-S3g a flood of what there is nothing of is answered, and is not a line for each', async (t) => {
  const { at, lines } = await started(t, () => ({}), 100);
  const socket = dial(t, at, '127.0.0.2');
  for (let n = 0; n < 300; n++) {
    socket.write(get('/nothing'));
    const [data] = await once(socket, 'data');
    assert.match(String(data), /^HTTP\/1\.1 404 /u);
  }
  const before = lines.length;
  assert.ok(before < 250, `${before} lines`);
  assert.equal(await asked(t, at, get('/nothing'), '127.0.0.3'), '404');
  assert.equal(lines.length, before + 1, 'another source has lines of its own');
});
