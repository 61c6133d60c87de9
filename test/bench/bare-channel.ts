/**
 * P4's floor: the least that authenticates both ends of a connection. TLS 1.3 by Node alone, then one ES256 signature each way over the
 * connection's exporter, each of them verified, and one byte that says so. The server is a process of its own, as a connector is.
 */
import { fork } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import * as v from 'valibot';
import { newTlsIdentity } from '#runtime/tls/certificate';

export interface BareServer {
  /** Connects and exchanges once; milliseconds until both have proved their keys. */
  exchange(): Promise<number>;
  end(): void;
}

const SIGNATURE_BYTES = 64;
const Ready = v.object({ port: v.number(), key: v.string() });

export async function startBareServer(): Promise<BareServer> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const child = fork(import.meta.filename, [pem(own.publicKey)], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const [said] = await once(child, 'message');
  const { port, key } = v.parse(Ready, said);
  const theirs = createPublicKey(key);
  return {
    async exchange() {
      const start = performance.now();
      const socket = connect({ host: '127.0.0.1', port, minVersion: 'TLSv1.3', rejectUnauthorized: false });
      socket.setNoDelay(true);
      await once(socket, 'secureConnect');
      mustHold(await read(socket, SIGNATURE_BYTES), socket, theirs);
      socket.write(signed(socket, own.privateKey));
      await read(socket, 1);
      const ms = performance.now() - start;
      socket.destroy();
      return ms;
    },
    end: () => void child.kill(),
  };
}

const [, program, deviceKey] = process.argv;
if (process.send !== undefined && program === import.meta.filename && deviceKey !== undefined) await serve(createPublicKey(deviceKey));

async function serve(device: KeyObject): Promise<void> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { key, cert } = await newTlsIdentity('bare');
  const server = createServer({ key, cert, minVersion: 'TLSv1.3', noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.write(signed(socket, own.privateKey));
    read(socket, SIGNATURE_BYTES)
      .then((signature) => mustHold(signature, socket, device))
      .then(
        () => socket.write('1'),
        () => socket.destroy(),
      );
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port, key: pem(own.publicKey) }));
  // Whoever measures may be killed.
  process.on('disconnect', () => process.exit());
}

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

function exporterOf(socket: TLSSocket): Buffer {
  return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}

function signed(socket: TLSSocket, key: KeyObject): Buffer {
  return sign('sha256', exporterOf(socket), { key, dsaEncoding: 'ieee-p1363' });
}

function mustHold(signature: Buffer, socket: TLSSocket, key: KeyObject): void {
  if (!verify('sha256', exporterOf(socket), { key, dsaEncoding: 'ieee-p1363' }, signature))
    throw new Error('The other end proves nothing.');
}

async function read(socket: TLSSocket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  while (Buffer.concat(chunks).length < bytes) {
    const [chunk] = await once(socket, 'data');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
