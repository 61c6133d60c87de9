/** Every error's sentences, in the portal's own words. */
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import type { WordsFor } from './error-words.ts';

/** Commands stand in quotation marks, for people. */
export const wordsFor: WordsFor = (error) => {
  const { says, detail, remedy } = wordsOf(error, people);
  return { says, detail: quoted(detail), remedy: quoted(remedy) };
};

function quoted(text: string): string {
  return text.replaceAll(/`([^`]*)`/gu, '“$1”');
}
