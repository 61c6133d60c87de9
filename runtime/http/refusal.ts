/** The one translator from thrown values to refusals: anything not in the table of errors is a bug. */
import { HoldfastError } from '#protocol/errors';
import { databaseFault } from '../sql/faults.ts';

/** The framework's own refusals of a request, and what a database lacks, in our words. */
export function asRefusal(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  if (!(thrown instanceof Error)) return new HoldfastError('internal', undefined, { cause: thrown });
  const status = 'statusCode' in thrown ? thrown.statusCode : undefined;
  if (status === 413) return new HoldfastError('too_large', undefined, { cause: thrown });
  if (typeof status === 'number' && status >= 400 && status < 500) return new HoldfastError('bad_request', undefined, { cause: thrown });
  const fault = databaseFault(thrown);
  if (fault !== undefined) return new HoldfastError('unavailable', { reason: fault }, { cause: thrown });
  return new HoldfastError('internal', undefined, { cause: thrown });
}
