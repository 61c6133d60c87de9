import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ALPN, RAW_READY } from '#protocol/channel';
import { secure, tlsContext } from '../../../runtime/channel/exchange.ts';
import { framesOver } from '../../../runtime/channel/frames.ts';
import { standInFor, stepDownAsGateway, stepDownAsSessionHost } from '../../../runtime/channel/step-down.ts';
import { newTlsIdentity } from '../../../runtime/tls/certificate.ts';
import { clientTlsWithoutAuthority } from '../../../runtime/tls/options.ts';
import { untilHolds } from '../../until.ts';
import { socketPair } from './loopback.ts';

async function connected() {
  const { near, far, close } = await socketPair();
  const context = tlsContext(await newTlsIdentity('gateway-1'));
  const inner = standInFor(near);
  const outer = standInFor(far);
  const client = connect({ socket: inner.stream, ALPNProtocols: [ALPN.rendezvous], ...clientTlsWithoutAuthority() });
  client.on('error', () => {});
  const server = await secure(outer.stream, context, ALPN.rendezvous);
  const frames = framesOver(client);
  framesOver(server).send({ type: 'ready' });
  assert.deepEqual(await frames.next(), { type: 'ready' });
  return { client, server, frames, inner, outer, near, far, close };
}

async function steppedDown() {
  const { client, server, frames, inner, outer, near, far, close } = await connected();
  const [host, gateway] = await Promise.all([
    stepDownAsSessionHost(client, frames, inner),
    stepDownAsGateway(server, framesOver(server), outer),
  ]);
  return { host, gateway, near, far, close };
}

test('after the step-down both ends are on the same connection, raw, with no byte lost or added', async () => {
  const { host, gateway, near, far, close } = await steppedDown();
  assert.equal(host, near);
  assert.equal(gateway, far);
  const [there, back] = [randomBytes(3 * 1024 * 1024), randomBytes(2 * 1024 * 1024)];
  const digest = (stream: NodeJS.ReadableStream) => {
    const hash = createHash('sha256');
    return new Promise<string>((resolve) =>
      stream
        .on('data', (chunk: Buffer) => hash.update(chunk))
        .on('end', () => resolve(hash.digest('hex')))
        .resume(),
    );
  };
  const got = [digest(gateway), digest(host)];
  host.end(there);
  gateway.end(back);
  assert.deepEqual(
    await Promise.all(got),
    [there, back].map((bytes) => createHash('sha256').update(bytes).digest('hex')),
  );
  close();
});

test('a first raw byte that is there before the gateway knows that its answer was sent is not taken for TLS', async (t) => {
  const { server, frames, outer, near, far, close } = await connected();
  const write = server.write.bind(server);
  // Nothing is written to learn that all before it was sent.
  t.mock.method(server, 'write', (bytes: string | Buffer, sent?: () => void) => {
    if (bytes.length > 0) return write(bytes);
    const before = far.bytesRead;
    near.write(Buffer.of(RAW_READY));
    void untilHolds(() => far.bytesRead > before).then(() => write('', sent));
    return true;
  });
  frames.send({ type: 'step-down' });
  const gateway = await stepDownAsGateway(server, framesOver(server), outer);
  assert.equal(gateway, far);
  near.write('raw');
  gateway.resume();
  const [bytes] = await once(gateway, 'data');
  assert.equal(String(bytes), 'raw');
  close();
});

test('a session host that keeps talking TLS after its step-down is cut off', async () => {
  const { near, far, close } = await socketPair();
  const context = tlsContext(await newTlsIdentity('gateway-1'));
  const outer = standInFor(far);
  const client = connect({ socket: near, ALPNProtocols: [ALPN.rendezvous], ...clientTlsWithoutAuthority() });
  client.on('error', () => {});
  const server = await secure(outer.stream, context, ALPN.rendezvous);
  const frames = framesOver(client);
  const stepping = stepDownAsGateway(server, framesOver(server), outer);
  frames.send({ type: 'step-down' });
  await frames.next();
  client.write('still inside TLS');
  await assert.rejects(stepping);
  close();
});
