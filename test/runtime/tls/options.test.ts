import assert from 'node:assert/strict';
import { once } from 'node:events';
import test, { type TestContext } from 'node:test';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { newTlsIdentity, spkiDigest } from '#runtime/tls/certificate';
import { clientTlsWithoutAuthority, serverTls } from '#runtime/tls/options';
import { exporterOf, peerSpki } from '#runtime/tls/peer';

async function serverHere(t: TestContext) {
  const identity = await newTlsIdentity('here');
  const accepted = Promise.withResolvers<TLSSocket>();
  const server = createServer(serverTls(identity), (socket) => {
    socket.on('error', () => {});
    accepted.resolve(socket);
    socket.end('hello');
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const dial = (options: ConnectionOptions) => connect({ host: '127.0.0.1', port: address.port, ...options });
  return { identity, dial, accepted: accepted.promise };
}

test('both ends see the same exporter, and the client the server’s key', async (t) => {
  const { identity, dial, accepted } = await serverHere(t);
  const client = dial(clientTlsWithoutAuthority());
  await once(client, 'secureConnect');
  assert.equal(client.getProtocol(), 'TLSv1.3');
  assert.equal(peerSpki(client), spkiDigest(identity.cert));
  assert.equal(exporterOf(client), exporterOf(await accepted));
  assert.equal(Buffer.from(exporterOf(client), 'base64url').length, 32);
  client.destroy();
});

test('a session is never resumed: each connection shows the key again and has an exporter of its own', async (t) => {
  const { identity, dial } = await serverHere(t);
  const first = dial(clientTlsWithoutAuthority());
  const [session] = await once(first, 'session');
  const before = exporterOf(first);
  first.destroy();
  const second = dial({ ...clientTlsWithoutAuthority(), session });
  await once(second, 'secureConnect');
  assert.equal(second.isSessionReused(), false);
  assert.equal(peerSpki(second), spkiDigest(identity.cert));
  assert.notEqual(exporterOf(second), before);
  second.destroy();
});

test('a client that offers TLS 1.2 at most is refused', async (t) => {
  const { dial } = await serverHere(t);
  const client = dial({ rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
  const [error] = await once(client, 'error');
  assert.match(String(error), /protocol.version/iu);
});
