/** A refusal as people read it at a terminal: its code, what is wrong, what to do. */
import { describeError, type HoldfastError } from '#protocol/errors';

/** Lines, each with its line break. */
export function refusalWords({ code, detail }: HoldfastError): string {
  // On a command line the request is what was typed, and its remedy is the help.
  if (code === 'bad_request' && detail !== undefined) return `${detail}\nRun it with --help to see what it takes.\n`;
  const { says, remedy } = describeError(code);
  return `${code}: ${says}${detail === undefined ? '' : ` ${detail}`}\n${remedy}\n`;
}
