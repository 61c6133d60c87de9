import { type ErrorCode, HoldfastError } from '#protocol/errors';
import { thrownWords, wholeLine } from '#protocol/words';
import { everything } from '#protocol/words/everything';

/** For `assert.rejects` and `assert.throws`: a refusal with this code, in such words as people read. */
export function refusedWith(code: ErrorCode, words = /(?:)/u): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof HoldfastError && thrown.code === code && words.test(wholeLine(thrownWords(thrown, everything)));
}
