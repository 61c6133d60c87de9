/** The one translator of a command line: a refusal in two plain lines and exit code 1; a bug with its stack. */
import { describeError, HoldfastError } from '#protocol/errors';

export function sayRefusal(thrown: unknown): void {
  process.exitCode = 1;
  if (!(thrown instanceof HoldfastError)) {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    return;
  }
  // On a command line the request is what was typed, and its remedy is the help.
  if (thrown.code === 'bad_request' && thrown.detail !== undefined) {
    process.stderr.write(`${thrown.detail}\nRun it with --help to see what it takes.\n`);
    return;
  }
  const { says, remedy } = describeError(thrown.code);
  process.stderr.write(`${says}${thrown.detail === undefined ? '' : ` ${thrown.detail}`}\n${remedy}\n`);
}
