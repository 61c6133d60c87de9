/** `holdfast admin hash-password`: for the configuration of the embedded identity provider. */
import { HoldfastError } from '#protocol/errors';
import { hashPassword } from '../../password-hash.ts';
import { standardInput } from '../../standard-input.ts';

/** The password comes on standard input, never as an argument that other users of the machine can see. */
export async function printPasswordHash(): Promise<void> {
  const password = (await standardInput()).replace(/\r?\n$/u, '');
  if (password === '') throw new HoldfastError('bad_request', { reason: 'no-password' });
  process.stdout.write(`${hashPassword(password)}\n`);
}
