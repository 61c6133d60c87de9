/**
 * Lines about what anybody may send: each source has a share of them. What it causes beyond that has its lines at the level `debug` only; the
 * metrics count all of it. A flood of what is refused must not fill the disk.
 */
import { type AllowanceLimits, allowanceFor } from '../budget/allowance.ts';
import type { Log } from './log.ts';

/** The mistakes of a whole office, and what an administrator can still read. Our own figures. */
const LINES: AllowanceLimits = { burst: 100, perSecond: 10 };

/** For one line about a source. What is an error is a fault of ours, and always told. */
export type LinesOf = (source: string) => Pick<Log, 'info' | 'warn' | 'error'>;

/** `nowMs`: a clock that never goes back, in ms. */
export function lineBudget(log: Log, nowMs: () => number = () => performance.now()): LinesOf {
  const allowance = allowanceFor(LINES, nowMs);
  const quietly = (fields: object, message: string) => log.debug(fields, message);
  const quiet = { info: quietly, warn: quietly, error: (fields: object, message: string) => log.error(fields, message) };
  return (source) => (allowance.spend(source) ? log : quiet);
}
