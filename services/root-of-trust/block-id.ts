/** How administrators name one entry of the list: 64 bits of the hash of what it says. */
import { createHash } from 'node:crypto';
import type { Revocation } from '#protocol/trust';

const CHARACTERS = 16;

export function blockId({ target, from, until }: Revocation): string {
  return createHash('sha256')
    .update(JSON.stringify([Object.values(target), from, until]))
    .digest('hex')
    .slice(0, CHARACTERS);
}
