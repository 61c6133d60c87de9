/** The id by which administrators name an entry of the list: 64 bits of a hash of its content. */
import { createHash } from 'node:crypto';
import type { Revocation } from '#protocol/trust';

const CHARACTERS = 16;

export function blockId({ target, from, until }: Revocation): string {
  return createHash('sha256')
    .update(JSON.stringify([Object.values(target), from, until]))
    .digest('hex')
    .slice(0, CHARACTERS);
}
