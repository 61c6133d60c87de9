/**
 * The life of a service process: read the configuration, start, say `{"ready":true}` on stdout, and end in order on SIGTERM.
 * What prevents the start goes to stderr in plain words for the operator; a bug goes to the log. Exit code 1 for both.
 */
import type { Server } from 'node:http';
import type * as v from 'valibot';
import { HoldfastError, toWireError } from '#protocol/errors';
import { type Log, type LogLevel, openLog } from '../log/log.ts';
import { type Metrics, openMetrics } from '../metrics/metrics.ts';
import { readConfig } from './config.ts';
import { listenFault } from './listen-fault.ts';
import { type Check, startManagement } from './management.ts';
import { refusalWords } from './refusal-words.ts';

/** What every service has in its configuration. */
export interface BaseConfig {
  readonly id: string;
  readonly dataDir: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly management: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
}

/** What a service gets besides its configuration. `signal` aborts when the process shuts down. */
export interface ServiceContext {
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly metrics: Metrics;
  /** a clock that never goes back, in ms: the shares of people and devices fill by it */
  readonly nowMs: () => number;
}

/** A started service. `stop` lets requests in flight finish; it is called once, after `signal` has aborted. */
export interface RunningService {
  /** where it listens: for port 0 in the configuration, the assigned port */
  readonly address: { readonly host: string; readonly port: number };
  readonly checks: readonly Check[];
  stop(): Promise<void>;
}

export type StartService<C extends BaseConfig> = (config: C, context: ServiceContext) => Promise<RunningService>;

/** How long requests in flight may take to end, milliseconds. */
const STOP_DEADLINE_MS = 5_000;

/** Runs a service until SIGTERM or SIGINT. `name` is the folder's name below `services/`. */
export async function runService<C extends BaseConfig>(
  name: string,
  schema: v.GenericSchema<unknown, C>,
  start: StartService<C>,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const ending = new AbortController();
  let log = openLog({ service: name, id: name, level: 'info' });
  let ready = false;
  const fail = (thrown: unknown): never => {
    if (ending.signal.aborted) {
      log.info({ err: thrown }, 'Aborted by the shutdown.');
      process.exit(0);
    }
    const error = listenFault(thrown) ?? thrown;
    if (!ready && error instanceof HoldfastError && error.code !== 'internal')
      process.stderr.write(`${refusalWords(error)}${causeOf(error)}`);
    else log.error({ err: thrown, ...toWireError(error) }, 'Fatal error.');
    process.exit(1);
  };
  process.once('uncaughtException', fail);
  process.once('unhandledRejection', fail);
  try {
    const config = readConfig(schema, argv);
    log = openLog({ service: name, id: config.id, level: config.logLevel });
    const metrics = openMetrics();
    let running: RunningService | undefined;
    const management = await startManagement(config.management, metrics, () => running?.checks);
    const stopped = once(['SIGTERM', 'SIGINT']).then((signal) => {
      log.info({ signal }, 'Shutting down.');
      ending.abort();
    });
    running = await start(config, { signal: ending.signal, log, metrics, nowMs: () => performance.now() });
    ready = true;
    process.stdout.write(`${JSON.stringify({ ready: true, address: running.address })}\n`);
    log.info({ address: running.address }, 'Ready.');
    await stopped;
    await endWithin(STOP_DEADLINE_MS, running.stop(), close(management));
    process.exit(0);
  } catch (thrown) {
    fail(thrown);
  }
}

function once(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal));
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function endWithin(deadlineMs: number, ...ends: Promise<void>[]): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref());
  await Promise.race([Promise.allSettled(ends), late]);
}

/** The system's own error, if there is one behind it. */
function causeOf({ cause }: HoldfastError): string {
  return cause instanceof Error && !(cause instanceof HoldfastError) && cause.message !== '' ? `(${cause.message})\n` : '';
}
