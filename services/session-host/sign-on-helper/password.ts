/** A password that nobody has to read: 5 bits a character, none of them mistaken for an option or a separator by any viewer. */
import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** What `give` has made. */
export interface Given {
  readonly password: string;
  takeBack(): void;
}

export function newPassword(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
