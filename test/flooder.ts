/** The thread of `flood.ts`. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { ALPN } from '#protocol/channel';
import type { Flood } from './flood.ts';

const { kind, at, path, host, tls, connections, from, frame }: Required<Flood> = workerData;
const PIPELINED = 5_000;
const REPORT_MS = 100;
/** ms until a lost connection is made anew: it takes more than the listener's own thread to keep up with */
const AGAIN_MS = 2;

const head = (line: string) => `${line} HTTP/1.1\r\nhost: ${host}\r\n`;
const one = `${head(`GET ${path}`)}\r\n`;
const half = `${head(`POST ${path}`)}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{`;
const texts = { 'half-sent': half, pipelined: one.repeat(PIPELINED), asking: one, hellos: Buffer.from(frame, 'base64') };

let made = 0;
let cut = 0;

function flood(index: number): void {
  const localAddress = from[index % from.length];
  const raw = connect({ ...at, ...(localAddress !== undefined && { localAddress }) });
  const secured = tls || kind === 'hellos';
  const options = {
    socket: raw,
    servername: 'flood.example',
    rejectUnauthorized: false,
    ALPNProtocols: kind === 'hellos' ? [ALPN.exchange] : [],
  };
  const socket: Socket = secured ? connectTls(options) : raw;
  raw.on('error', () => {});
  socket.on('error', () => {});
  socket.once(secured ? 'secureConnect' : 'connect', () => {
    made += 1;
    if (made === connections) parentPort?.postMessage('flooding');
    socket.write(texts[kind]);
  });
  if (kind === 'asking') socket.on('data', () => void socket.write(one));
  else if (kind !== 'pipelined') socket.resume();
  raw.once('close', () => {
    cut += 1;
    // One that never got in has been turned away before: the flood still counts.
    if (cut === connections && made < connections) parentPort?.postMessage('flooding');
    setTimeout(flood, AGAIN_MS, index);
  });
}

setInterval(() => parentPort?.postMessage(cut), REPORT_MS).unref();
for (let index = 0; index < connections; index++) flood(index);
