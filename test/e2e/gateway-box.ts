/** What may stand where a gateway should be: the gateway on another port behind a box, or one with a statement that is not its own. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket, connect as tlsConnect } from 'node:tls';
import * as v from 'valibot';
import { parse as parseYaml, stringify } from 'yaml';
import { ALPN } from '#protocol/channel';
import { parse } from '#protocol/parse';
import { newTlsIdentity } from '#runtime/tls/certificate';
import { clientTlsWithoutAuthority, serverTls } from '#runtime/tls/options';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from './until.ts';

/** Something that listens, until it is ended. */
export interface Standing {
  end(): Promise<void>;
}

const HOST = '127.0.0.1';
const GatewayConfig = v.looseObject({ dataDir: v.string(), listen: v.object({ host: v.string(), port: v.number() }) });
const Known = v.looseObject({ statement: v.string() });

/** The stopped gateway's own configuration and keys; `port`: another one to listen on, `statementOf`: whose statement it shows. */
export async function standInGateway(
  dataDir: string,
  name: string,
  other: { readonly port?: number; readonly statementOf?: string },
): Promise<Standing> {
  const folder = mkdtempSync(join(tmpdir(), 'hf-gateway-'));
  const config = parse(GatewayConfig, parseYaml(readFileSync(join(dataDir, 'config', `${name}.yaml`), 'utf8')));
  const own = join(folder, 'data');
  cpSync(config.dataDir, own, { recursive: true });
  chmodSync(own, 0o700);
  if (other.statementOf !== undefined) showStatement(own, config.dataDir.replace(name, other.statementOf));
  const port = other.port ?? config.listen.port;
  const file = join(folder, 'gateway.yaml');
  writeFileSync(file, stringify({ ...config, dataDir: own, listen: { host: HOST, port } }), { mode: 0o600 });
  const serve = [join(PROJECT_DIR, 'cli', 'holdfast.ts'), 'serve', 'gateway', '--config', file];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...serve], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const gone = ended.then(() => Promise.reject(new Error(`The gateway ended: ${said}`)));
    await Promise.race([until('the gateway listens', () => accepts(port)), gone]);
  } catch (error) {
    await end();
    throw error;
  }
  return { end };
}

function showStatement(of: string, otherDir: string): void {
  const read = (dir: string) => parse(Known, JSON.parse(readFileSync(join(dir, 'trust.json'), 'utf8')));
  writeFileSync(join(of, 'trust.json'), JSON.stringify({ ...read(of), statement: read(otherDir).statement }), { mode: 0o600 });
}

/** A box between the devices and the gateway: it passes on what it gets as it is, or opens the TLS and makes a new one behind it. */
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

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}
