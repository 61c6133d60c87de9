/** What the session process says to its host, as long as there is one to hear it. */
import type { Writable } from 'node:stream';
import { HoldfastError, isLaunchCode } from '#protocol/errors';
import type { FromSession } from '#protocol/session-process';

export type Say = (word: FromSession) => void;

export function sayTo(output: Writable): Say {
  // The host may be gone; what it would have heard is then nobody's.
  output.on('error', () => {});
  return (word) => void output.write(`${JSON.stringify(word)}\n`);
}

/** For people: what exactly, where the thrown value says so. */
export function detailOf(thrown: unknown): { detail?: string } {
  if (!(thrown instanceof HoldfastError)) return {};
  return wordsOf(isLaunchCode(thrown.code) ? (thrown.detail ?? '') : thrown.message);
}

export function wordsOf(text: string): { detail?: string } {
  return text === '' ? {} : { detail: text.slice(0, 1_000) };
}
