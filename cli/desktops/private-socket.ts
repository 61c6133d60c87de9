/** Where a desktop's agent connects: a Unix socket in a folder that nobody else may enter. No port, so no other local user. */
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** Hands each connection over with none of its bytes read. Resolves, once it listens, to what closes it. */
export async function listenPrivately(path: string, onConnection: (connection: Socket) => void): Promise<() => void> {
  rmSync(path, { force: true });
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, onConnection);
  // The folder is private already; the socket says so, too.
  const before = process.umask(0o077);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(before);
  }
  return () => void server.close();
}
