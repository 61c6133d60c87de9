/** Messages from the session process to the native host, as long as the host lives. */
import type { Writable } from 'node:stream';
import { HoldfastError, isLaunchCode } from '#protocol/errors';
import type { FromSession } from '#protocol/session-process';

export type SendToHost = (word: FromSession) => void;

export function messagesTo(output: Writable): SendToHost {
  // The host may be gone; then nobody needs the message.
  output.on('error', () => {});
  return (word) => void output.write(`${JSON.stringify(word)}\n`);
}

/** The thrown value's detail, for people. */
export function detailOf(thrown: unknown): { detail?: string } {
  if (!(thrown instanceof HoldfastError)) return {};
  return detailFrom(isLaunchCode(thrown.code) ? (thrown.detail ?? '') : thrown.message);
}

export function detailFrom(text: string): { detail?: string } {
  return text === '' ? {} : { detail: text.slice(0, 1_000) };
}
