/** Messages from the session process to the native host, as long as the host lives. */
import type { Writable } from 'node:stream';
import type { FromSession } from '#protocol/session-process';

export type SendToHost = (word: FromSession) => void;

export function messagesTo(output: Writable): SendToHost {
  // The host may be gone; then nobody needs the message.
  output.on('error', () => {});
  return (word) => void output.write(`${JSON.stringify(word)}\n`);
}
