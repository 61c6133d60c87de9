/** The log of a process: one JSON line an event on stderr, so that stdout stays free for what a caller reads. */
import { pino } from 'pino';

/** What parts of a program need of a log. `fields` carries `correlationId` wherever a request has one, and `err` for a thrown value. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: Record<string, unknown>): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Field names that never reach a log, at the top of the fields and one level below. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'joinToken',
  'adminToken',
  'ticket',
  'proof',
  'grant',
  'metadata',
  'd',
  'privateKey',
];

/** A log whose every line names the service and its id. */
export function openLog(options: { service: string; id: string; level: LogLevel }): Log {
  return pino(
    {
      level: options.level,
      base: { service: options.service, id: options.id },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '(secret)' },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
