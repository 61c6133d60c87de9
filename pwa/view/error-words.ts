/** An error in the portal's own words. */
import type { WireError } from '#protocol/errors';
import { type ErrorWords, wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';

/** Commands stand in quotation marks, for people; `now` makes times short. */
export function wordsFor(error: WireError): ErrorWords {
  const { says, detail, remedy } = wordsOf(error, people);
  return { says, detail: quoted(detail), remedy: quoted(remedy) };
}

function quoted(text: string): string {
  return text.replaceAll(/`([^`]*)`/gu, '“$1”');
}
