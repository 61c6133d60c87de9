/** A site of a few fixed answers, with the same ways to fail as the portal's server. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface MoodySite {
  readonly origin: string;
  /** `hang` accepts and never answers */
  mood: 'ok' | 'hang';
  /** milliseconds before every answer */
  delayMs: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export type Answers = Readonly<Record<string, readonly [type: string, body: string | Buffer]>>;

/** At `<name>.localhost`; `answers` by path. */
export async function startMoodySite(name: string, answers: Answers): Promise<MoodySite> {
  const sockets = new Set<Socket>();
  let server = make();
  let port = 0;
  const start = () => {
    server = make();
    return new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', () => resolve()));
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await start();
  port = (server.address() as AddressInfo).port;
  const site: MoodySite = { origin: `http://${name}.localhost:${port}`, mood: 'ok', delayMs: 0, start, stop };
  return site;

  function make() {
    return createServer((request, response) => void answer(request, response)).on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (site.mood === 'hang') return;
    if (site.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, site.delayMs));
    const found = answers[request.url ?? ''];
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': found[0] }).end(found[1]);
  }
}
