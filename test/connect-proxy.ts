/** An HTTP proxy as a company has one: it joins those who ask for it with a server on this machine, whatever name they ask for. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Endings } from '../cli/up/endings.ts';

export interface Proxy {
  readonly url: string;
  /** `host:port` of each connection that it was asked for */
  readonly asked: string[];
}

/** Every name is 127.0.0.1 to it. Ended with the test. */
export async function connectProxy(t: Endings): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    const there = connect({ host: '127.0.0.1', port: Number(url.split(':').at(-1)) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => [there, socket].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const bound = server.address();
  return { url: `http://127.0.0.1:${bound !== null && typeof bound === 'object' ? bound.port : 0}`, asked };
}
