/** Serves P1's peer: a page, its worker and one list, with the same ways to fail as the portal's server. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import esbuild from 'rollup-plugin-esbuild';

export interface NetworkFirstSite {
  readonly origin: string;
  mood: 'ok' | 'hang';
  delayMs: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startNetworkFirstSite(names: readonly string[]): Promise<NetworkFirstSite> {
  const here = (file: string) => new URL(file, import.meta.url);
  const bundle = await rollup({
    input: here('worker.js').pathname,
    plugins: [nodeResolve({ browser: true }), esbuild({ minify: true, define: { 'process.env.NODE_ENV': '"production"' } })],
  });
  const built = await bundle.generate({ format: 'iife' });
  const answers: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
    '/': ['text/html', await readFile(here('page.html'))],
    '/worker.js': ['text/javascript', built.output[0].code],
    '/api/list': ['application/json', JSON.stringify({ resources: names.map((name) => ({ name })) })],
  };
  const sockets = new Set<Socket>();
  let port = 0;
  const site: NetworkFirstSite = { origin: '', mood: 'ok', delayMs: 0, start, stop };
  let server = make();

  function make() {
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      if (site.mood === 'hang') return;
      if (site.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, site.delayMs));
      const found = answers[request.url ?? ''];
      if (found === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': found[0] }).end(found[1]);
    };
    return createServer((request, response) => void answer(request, response)).on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
  }
  function start(): Promise<void> {
    server = make();
    return new Promise((resolve) => void server.listen(port, '127.0.0.1', () => resolve()));
  }
  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }
  await start();
  port = (server.address() as AddressInfo).port;
  return {
    ...site,
    origin: `http://peer.localhost:${port}`,
    get mood() {
      return site.mood;
    },
    set mood(mood) {
      site.mood = mood;
    },
    get delayMs() {
      return site.delayMs;
    },
    set delayMs(ms) {
      site.delayMs = ms;
    },
  };
}
