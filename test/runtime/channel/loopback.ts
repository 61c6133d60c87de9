/** Two ends of one real TCP connection on this machine. */
import { connect, createServer, type Socket } from 'node:net';
import { HERE, listening } from '../../services/whole-location.ts';

export async function socketPair(): Promise<{ near: Socket; far: Socket; close: () => void }> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const address = await listening(server);
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect({ host: HERE, port: address.port, allowHalfOpen: true, noDelay: true });
  const far = await accepted;
  for (const socket of [near, far]) socket.on('error', () => {});
  const close = () => {
    near.destroy();
    far.destroy();
    server.close();
  };
  return { near, far, close };
}
