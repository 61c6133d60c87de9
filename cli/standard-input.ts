/** Secrets that a command is given: in a file or on standard input, never as an argument. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { HoldfastError } from '#protocol/errors';

/** Whole, however long whoever writes it takes: `readFileSync(0)` fails with EAGAIN while a pipe is still empty. */
export function standardInput(): Promise<string> {
  return text(process.stdin);
}

/** `-` is standard input. Without the white space around it. Throws `bad_request` for a file that cannot be read. */
export async function readToken(file: string): Promise<string> {
  try {
    return (file === '-' ? await standardInput() : await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new HoldfastError('bad_request', { reason: 'token-file', path: file }, { cause });
  }
}
