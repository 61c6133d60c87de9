/**
 * A refusal as the log has it: its facts, and the words of what is behind it. It is no bug, so it has no stack: one would be a thousand
 * characters for each request of a flood.
 */
import { HoldfastError } from '#protocol/errors';

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
