/**
 * A refusal as the log has it: its facts, and the words of what is behind it. It is no bug, so it has no stack: one would be a thousand
 * characters for each request of a flood.
 */
import { HoldfastError } from '#protocol/errors';
import type { Log } from './log.ts';

/** How it ended, for a metric's label: the refusal's code; `internal` for a bug. */
export function outcomeOf(thrown: unknown): string {
  return String(thrown instanceof HoldfastError ? thrown.code : 'internal');
}

/** One line for what was thrown: `refused` for a refusal, at the level `info`; a bug is an error, whatever was asked. */
export function logRefusal(log: Pick<Log, 'info' | 'error'>, thrown: unknown, fields: object, refused: string): void {
  const line = { ...fields, ...refusalFields(thrown) };
  if (outcomeOf(thrown) === 'internal') log.error(line, 'Internal error.');
  else log.info(line, refused);
}

/** Fields for a line. Anything but a refusal is a bug, and keeps its stack under `err`. */
export function refusalFields(thrown: unknown): object {
  if (!(thrown instanceof HoldfastError) || thrown.code === 'internal') return { err: thrown };
  const { code, reason, params, cause } = thrown;
  return {
    code,
    ...(reason !== undefined && { reason }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(cause instanceof Error && cause.message !== '' && { cause: cause.message }),
  };
}
