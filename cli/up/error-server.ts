/**
 * Takes a component's place at its port and fails as a broken one does: 503 over HTTP, with the component's own certificate where
 * it speaks TLS (callers pin it, so another would look like an attack, not like an error); a cut connection where no HTTP is spoken.
 */
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcp, type Server } from 'node:net';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { HOST, type Service } from './plan.ts';

export interface ErrorServer {
  close(): Promise<void>;
}

/** Of the component's `keys.json`. */
const OwnKeys = v.object({ tls: v.object({ key: v.string(), cert: v.string() }) });
const KEYS_BYTES = 65_536;

const SPEAKS: Readonly<Record<Service, 'http' | 'https' | 'channel'>> = {
  workspace: 'http',
  identity: 'http',
  broker: 'https',
  tickets: 'https',
  'lease-issuer': 'https',
  'root-of-trust': 'https',
  gateway: 'channel',
  connector: 'channel',
  'session-host': 'channel',
};

export async function startErrorServer(service: Service, port: number, keysDir: string): Promise<ErrorServer> {
  const server = serverFor(service, keysDir);
  const open = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function serverFor(service: Service, keysDir: string): Server {
  switch (SPEAKS[service]) {
    case 'http':
      return createHttp(unavailable);
    case 'https': {
      const { tls } = parseJson(OwnKeys, readFileSync(join(keysDir, 'keys.json'), 'utf8'), KEYS_BYTES, 'bad_config');
      return createHttps(
        { key: tls.key, cert: tls.cert, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: false },
        unavailable,
      );
    }
    case 'channel':
      return createTcp((socket) => socket.resetAndDestroy());
  }
}

/** What a balancer in front of a dead service says: no marker header of ours, so nobody takes it for an answer of Holdfast. */
const unavailable: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(503, { 'content-type': 'text/plain', connection: 'close' }).end('Service Unavailable\n');
};
