/** What may stand in a stopped component's place: itself in another process, on another port, with a statement that is not its own, or at another time. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse as parseYaml, stringify } from 'yaml';
import { parse } from '#protocol/parse';
import { inFamily } from '../../cli/up/component-process.ts';
import { COMPONENTS, componentNamed } from '../../cli/up/plan.ts';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from '../until.ts';
import type { System } from './system.ts';

/** Something that listens, until it is ended. */
export interface Standing {
  end(): Promise<void>;
}

export interface Otherwise {
  /** another one to listen on */
  readonly port?: number;
  /** whose statement it shows */
  readonly statementOf?: string;
  /** its environment, such as a clock of its own */
  readonly env?: NodeJS.ProcessEnv;
}

const HOST = '127.0.0.1';
const Config = v.looseObject({ dataDir: v.string(), listen: v.object({ host: v.string(), port: v.number() }) });
const Known = v.looseObject({ statement: v.string() });

export interface Place {
  readonly port: number;
  readonly dataDir: string;
}

const WAYS_IN = COMPONENTS.filter(({ service }) => service === 'connector' || service === 'gateway').map(({ name }) => name);

/**
 * Only the place of `name` is left to get to a location, and something else stands there. The root of trust is away: it would know a
 * gateway by its key and mend a wrong statement.
 */
export async function standingFor(
  system: System,
  name: string,
  stand: (place: Place) => Promise<readonly Standing[]>,
  work: () => Promise<void>,
): Promise<void> {
  const { components, dataDir } = system.report;
  const broken = [...WAYS_IN, 'root-of-trust'];
  const address = components.find((one) => one.name === name)?.addresses[0];
  if (address === undefined) throw new TypeError(`no ${name}`);
  for (const component of broken) await system.outage(component, 'stop');
  let standing: readonly Standing[] = [];
  try {
    standing = await stand({ port: Number(address.split(':')[1]), dataDir });
    await work();
  } finally {
    for (const one of standing) await one.end();
    for (const component of broken) await system.outage(component, 'restore');
    await system.untilUp();
  }
}

/** The stopped component's own configuration and a copy of what it knows. */
export async function standIn(dataDir: string, name: string, other: Otherwise): Promise<Standing> {
  const folder = mkdtempSync(join(tmpdir(), 'hf-stand-in-'));
  const config = parse(Config, parseYaml(readFileSync(join(dataDir, 'config', `${name}.yaml`), 'utf8')));
  const own = join(folder, 'data');
  cpSync(config.dataDir, own, { recursive: true });
  chmodSync(own, 0o700);
  if (other.statementOf !== undefined) showStatement(own, config.dataDir.replace(name, other.statementOf));
  const port = other.port ?? config.listen.port;
  const file = join(folder, 'config.yaml');
  writeFileSync(file, stringify({ ...config, dataDir: own, listen: { host: HOST, port } }), { mode: 0o600 });
  const serve = [join(PROJECT_DIR, 'cli', 'holdfast.ts'), 'serve', componentNamed(name).service, '--config', file];
  const [program, ...args] = inFamily([process.execPath, '--disable-warning=ExperimentalWarning', ...serve]);
  const child = spawn(program, args, {
    env: { ...process.env, ...other.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    const diedBefore = child.exitCode !== null || child.signalCode !== null;
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
    if (diedBefore) throw new Error(`${name} ended by itself: ${said}`);
  };
  try {
    const gone = ended.then(() => Promise.reject(new Error('It ended before it listened.')));
    await Promise.race([until(`${name} listens`, () => accepts(port)), gone]);
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
