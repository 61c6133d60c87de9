/** Values that become arguments. Whatever could change the meaning of an argument list is refused, not escaped. */
import { HoldfastError } from '#protocol/errors';

/** A single-line text. Throws 3026 for control characters: viewers' files and lists are line based. */
export function textValue(text: string): string {
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)) throw new HoldfastError(3026, { reason: 'viewer-value' });
  return text;
}

/** A user name: must not begin like an option. */
export function userValue(user: string): string {
  if (!/^[^-/\s,:"'\\][^,:"'\s]*$/u.test(textValue(user))) throw new HoldfastError(3026, { reason: 'viewer-user' });
  return user;
}

/** A window title: unsafe characters are dropped, because a title decides nothing. */
export function titleValue(title: string): string {
  const plain = title.replaceAll(/[^\p{L}\p{N} ._()-]/gu, '').trim();
  return plain === '' || plain.startsWith('-') ? 'Holdfast' : plain.slice(0, 80);
}
