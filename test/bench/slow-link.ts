/**
 * A TCP hop that loses packets as far as a user-space program can: now and then a chunk, with everything behind it, comes one
 * retransmission later. Loopback itself loses nothing, and the kernel's own way to make it needs rights that a bench has not.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SlowLink {
  readonly port: number;
  /** chunks so far, and how many of them were late */
  readonly chunks: { passed: number; late: number };
  close(): void;
}

export interface LossOptions {
  /** share of the chunks, 0 to 1 */
  readonly loss: number;
  readonly retransmitMs: number;
}

export async function openSlowLink(port: number, { loss, retransmitMs }: LossOptions): Promise<SlowLink> {
  const chunks = { passed: 0, late: 0 };
  const sockets = new Set<Socket>();
  const carry = (from: Socket, to: Socket): void => {
    // Order is kept: what comes behind a late chunk waits for it.
    let last = Promise.resolve();
    const inTurn = (send: () => void, wait: number): void => {
      last = last.then(() => (wait === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, wait)))).then(send);
    };
    from.on('data', (chunk) => {
      chunks.passed += 1;
      const isLate = Math.random() < loss;
      if (isLate) chunks.late += 1;
      inTurn(() => void to.write(chunk), isLate ? retransmitMs : 0);
    });
    from.on('end', () => inTurn(() => void to.end(), 0));
    from.on('close', () => {
      sockets.delete(from);
      to.destroySoon();
    });
    from.on('error', () => to.destroy());
    sockets.add(from);
  };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    chunks,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
