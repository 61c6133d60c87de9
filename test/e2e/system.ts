/** The whole system of one test file: `holdfast up` as a child process, on free ports and in a folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { askControl, type ControlReply } from '../../cli/up/control.ts';
import { readRun } from '../../cli/up/data-dir.ts';
import type { Fault } from '../../cli/up/fault.ts';
import { PORT_SPAN } from '../../cli/up/plan.ts';
import { claimPorts } from '../../cli/up/ports.ts';
import type { UpReport } from '../../cli/up/report.ts';
import { SHOW_LOG, showLog } from '../log.ts';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from '../until.ts';

export interface System {
  readonly report: UpReport;
  readonly process: ChildProcess;
  /** resolves when `up` has ended, however that came */
  readonly ended: Promise<void>;
  /** breaks or restores a component or a group, as `holdfast outage` does */
  outage(component: string, fault: Fault): Promise<void>;
  standings(): Promise<ControlReply['components']>;
  /** waits until every part is up; one that has ended by itself never is */
  untilUp(): Promise<void>;
  /** last lines of every log, the native host's too, for the message of a failing test */
  logs(): string;
  /** a second `up` in the same folder, run to its end */
  again(): Ran;
  /** another `holdfast` command about this system */
  command(...args: readonly string[]): Ran;
  /** ends it and removes its folder */
  end(): Promise<void>;
}

/** A command that has ended. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const READY_MS = 120_000;
const LOG_LINES = 15;
/** Below the kernel's own range for outgoing connections. */
const LOWEST = 12_000;
const HIGHEST = 31_000;

/** `data`: the folder of an `up` that has ended; a new one otherwise. */
export async function startSystem(data = mkdtempSync(join(tmpdir(), 'hf-e2e-'))): Promise<System> {
  const portBase = await freePortBase();
  const child = spawn(process.execPath, upCommand(data, portBase), { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
    if (SHOW_LOG && existsSync(join(data, 'logs'))) showLog('up', logsOf(data, Number.POSITIVE_INFINITY));
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const report = await firstLine(child, () => errors);
    const ask = (request: Parameters<typeof askControl>[1]) => askControl(readRun(data)?.control ?? '', request);
    const standings = async () => (await ask({ type: 'list' })).components;
    return {
      report,
      process: child,
      ended,
      outage: async (component, fault) => void (await ask({ type: 'outage', component, fault })),
      standings,
      untilUp: async () =>
        void (await until('every part is up', async () => (await standings()).every(({ standing }) => standing === 'up'), 60_000)),
      logs: () => logsOf(data),
      again: () => spawnSync(process.execPath, upCommand(data, portBase), { encoding: 'utf8', timeout: READY_MS }),
      command: (...args) => spawnSync(process.execPath, [...HOLDFAST, ...args, '--data', data], { encoding: 'utf8', timeout: READY_MS }),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const HOLDFAST = ['--disable-warning=ExperimentalWarning', join(PROJECT_DIR, 'cli', 'holdfast.ts')];

function upCommand(data: string, portBase: number): string[] {
  return [...HOLDFAST, 'up', '--json', '--no-browser', '--port-base', `${portBase}`, '--data', data];
}

/** A base whose whole span is free now. */
export async function freePortBase(): Promise<number> {
  const offsets = Array.from({ length: PORT_SPAN }, (_, n) => n);
  for (;;) {
    const base = randomInt(LOWEST, HIGHEST);
    try {
      await claimPorts(base, offsets);
      return base;
    } catch {
      // Taken by somebody else: another one.
    }
  }
}

async function firstLine(child: ChildProcess, errors: () => string): Promise<UpReport> {
  if (child.stdout === null) throw new TypeError('no stdout');
  const timer = setTimeout(() => child.kill('SIGTERM'), READY_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  } finally {
    clearTimeout(timer);
    child.stdout.resume();
  }
  throw new Error(`holdfast up ended without its line.\n${errors()}`);
}

function logsOf(data: string, lines = LOG_LINES): string {
  const folder = join(data, 'logs');
  const files = [...readdirSync(folder).map((name) => join(folder, name)), join(data, 'host', 'host.log')];
  return files.map((file) => `--- ${basename(file)}\n${lastLinesOf(file, lines)}`).join('\n');
}

function lastLinesOf(file: string, lines: number): string {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
