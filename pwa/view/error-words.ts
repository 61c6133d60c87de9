/** An error in the portal's own words, as soon as the sentences are there: the first paint shows no error and does not wait for them. */
import type { WireError } from '#protocol/errors';
import type { ErrorWords } from '#protocol/words';

export type WordsFor = (error: WireError) => ErrorWords;
/** What "Copy details" copies: `protocol/details.ts`. */
export type DetailsFor = (error: WireError, at: number, more?: Readonly<Record<string, string>>) => string;

/** Before the sentences are there, or where the browser has lost them. */
export const codeAlone: WordsFor = ({ code }) => ({ says: `Error ${code}.`, detail: '', remedy: '' });
export const idAlone: DetailsFor = ({ code, correlationId = '' }) => `${code} ${correlationId}`.trim();
