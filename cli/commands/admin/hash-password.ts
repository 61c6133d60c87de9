/** `holdfast admin hash-password`: for the configuration of the embedded identity provider. */
import { readFileSync } from 'node:fs';
import { HoldfastError } from '#protocol/errors';
import { hashPassword } from '../../password-hash.ts';

/** The password comes on standard input, never as an argument that other users of the machine can see. */
export function printPasswordHash(): void {
  const password = readFileSync(0, 'utf8').replace(/\r?\n$/u, '');
  if (password === '') throw new HoldfastError('bad_request', { reason: 'no-password' });
  process.stdout.write(`${hashPassword(password)}\n`);
}
