import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { parseClientHello, readClientHello } from '../../../runtime/channel/client-hello.ts';
import { refusedWith } from '../../refused-with.ts';
import { HERE, listening } from '../../services/whole-location.ts';
import { socketPair } from './loopback.ts';

/** The first flight of a real client. */
async function realHello(options: { servername?: string; ALPNProtocols?: string[]; ecdhCurve?: string }): Promise<Buffer> {
  const server = createServer();
  const address = await listening(server);
  const first = new Promise<Buffer>((resolve) =>
    server.once('connection', (socket: Socket) => socket.once('data', resolve).on('error', () => {})),
  );
  const client = connect({ host: HERE, port: address.port, rejectUnauthorized: false, minVersion: 'TLSv1.3', ...options });
  client.on('error', () => {});
  const bytes = await first;
  client.destroy();
  server.close();
  return bytes;
}

const NAMED = { servername: 'Gateway-1.Example', ALPNProtocols: ['holdfast/1', 'h2'] };
const EXPECTED = { serverName: 'gateway-1.example', alpn: ['holdfast/1', 'h2'] };

test('a real ClientHello is read, at whatever byte it is cut', async () => {
  const bytes = await realHello(NAMED);
  assert.deepEqual(parseClientHello(bytes), EXPECTED);
  for (let at = 0; at < bytes.length; at++) assert.equal(parseClientHello(bytes.subarray(0, at)), 'incomplete');
  assert.deepEqual(parseClientHello(Buffer.concat([bytes, Buffer.from('more')])), EXPECTED);
});

test('one that is spread over many records is read too', async () => {
  const bytes = await realHello(NAMED);
  const message = bytes.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += 100) {
    const part = message.subarray(at, at + 100);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  assert.deepEqual(parseClientHello(Buffer.concat(records)), EXPECTED);
});

test('without a server name it is refused', async () => {
  assert.equal(parseClientHello(await realHello({})), 'malformed');
});

test('HTTP, SSH and nonsense are refused at the first byte', () => {
  for (const text of ['GET / HTTP/1.1\r\n', 'SSH-2.0-x\r\n', '\0\0\0', '\x16\x02\x01']) {
    assert.equal(parseClientHello(Buffer.from(text, 'latin1')), 'malformed');
  }
});

test('lengths that promise too much are refused', () => {
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0x7f, 0xff, 1])), 'malformed');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0, 0])), 'malformed');
  assert.equal(parseClientHello(Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])), 'malformed');
});

test('any bytes at all give an answer, never a fault', async () => {
  const bytes = await realHello(NAMED);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => void parseClientHello(Buffer.from(noise))),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = value;
      parseClientHello(flipped);
    }),
    { numRuns: 500 },
  );
});

test('read from a connection byte by byte, the bytes are there again afterwards', async () => {
  const bytes = await realHello(NAMED);
  const { near, far, close } = await socketPair();
  const reading = readClientHello(far, 10_000);
  for (const byte of bytes) near.write(Buffer.of(byte));
  assert.deepEqual(await reading, EXPECTED);
  near.end();
  const again: Buffer[] = [];
  for await (const chunk of far) again.push(Buffer.from(chunk));
  assert.deepEqual(Buffer.concat(again), bytes);
  close();
});

test('a ClientHello that does not come is not waited for', async () => {
  const { near, far, close } = await socketPair();
  near.write(Buffer.of(22, 3));
  await assert.rejects(readClientHello(far, 20), refusedWith('timeout'));
  assert.equal(far.destroyed, true);
  close();
});
