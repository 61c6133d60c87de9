/** Every error's sentences, in the portal's own words. */
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import type { WordsFor } from './error-words.ts';
import { dated } from './words.ts';

export const wordsFor: WordsFor = (error) => wordsOf(error, people, (seconds) => dated(seconds * 1_000, Date.now()));
