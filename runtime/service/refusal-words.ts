/** A refusal as people read it at a terminal: its code, what is wrong, what to do. */
import type { HoldfastError } from '#protocol/errors';
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';

/** Lines, each with its line break. */
export function refusalWords(error: HoldfastError): string {
  const { says, detail, remedy } = thrownWords(error, everything);
  // On a command line the request is what was typed, and its remedy is the help.
  if (error.code === 'bad_request' && detail !== '') return `${detail}\nRun it with --help to see what it takes.\n`;
  return `${error.code}: ${says}${detail === '' ? '' : ` ${detail}`}\n${remedy}\n`;
}
