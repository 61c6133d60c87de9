import { HoldfastError } from '#protocol/errors';

/** A whole number from the command line. Throws `bad_request` naming the option. */
export function numberOption(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/u.test(text)) throw new HoldfastError('bad_request', { reason: 'no-number', option: name, found: text });
  return Number(text);
}
