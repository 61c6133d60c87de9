/** A box between the devices and a gateway: it passes on what it gets as it is, or opens the TLS and makes a new one behind it. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { ALPN } from '#protocol/channel';
import { newTlsIdentity } from '#runtime/tls/certificate';
import { clientTlsWithoutAuthority, serverTls } from '#runtime/tls/options';
import type { Standing } from './stand-in.ts';

const HOST = '127.0.0.1';

export async function openBox(kind: 'passing' | 'terminating', port: number, behind: number): Promise<Standing> {
  const open = new Set<Socket>();
  const join = (front: Socket, back: Socket) => {
    for (const [socket, other] of [
      [front, back],
      [back, front],
    ] as const) {
      open.add(socket);
      socket.once('close', () => other.destroy()).on('error', () => {});
    }
    front.pipe(back).pipe(front);
  };
  const server = kind === 'passing' ? createServer((front) => join(front, connect(behind, HOST))) : await terminating(join, behind);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  return {
    async end() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function terminating(join: (front: Socket, back: Socket) => void, behind: number): Promise<Server> {
  const options = { ...serverTls(await newTlsIdentity('box')), ALPNProtocols: Object.values(ALPN) };
  return createTlsServer(options, (front: TLSSocket) => {
    const alpn = front.alpnProtocol === false || front.alpnProtocol === null ? [] : [front.alpnProtocol];
    join(front, tlsConnect({ host: HOST, port: behind, ALPNProtocols: alpn, servername: 'peer.holdfast', ...clientTlsWithoutAuthority() }));
  }).on('tlsClientError', () => {});
}
