/**
 * Names of people and groups, compared in one form everywhere: where they are typed, where a provider claims them, in the site document
 * and in blocks. Two spellings of one name are one name; what only looks like another is refused and never taken for it.
 *
 *   1. No character that stands for another one (Unicode's compatibility and singleton forms: the Kelvin sign, full-width letters,
 *      ligatures), none that is invisible (zero-width, soft hyphen, variation selectors), none for private use.
 *   2. Without white space at both ends; inside, every run of it is one space (as directories compare: RFC 4518).
 *   3. Composed (NFC), then lower case without regard to any language, then composed again.
 *   4. Without the one `/` before it that some providers write before a group's path; a path's other parts stay. What would lose more when
 *      it is brought into the form again is no name: names are compared that were in their form before.
 *
 * Look-alike letters of other scripts (a Cyrillic a) stay different letters. A person's id at the provider is no name: it is compared
 * byte by byte (`PersonId`).
 */
import * as v from 'valibot';

const LENGTH_MAX = 200;
const PLAIN = /^[\x20-\x7e]*$/u;
const UNSEEN = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The one form of a name; undefined for what is none. */
export function canonicalName(text: string): string | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  if (!PLAIN.test(text) && !isClear(text)) return undefined;
  const name = text.trim().replace(/ {2,}/gu, ' ').replace(/^\//u, '').normalize('NFC').toLowerCase().normalize('NFC');
  return name === '' || /^[\s/]/u.test(name) ? undefined : name;
}

function isClear(text: string): boolean {
  return !UNSEEN.test(text) && Array.from(text).every((character) => character.normalize('NFKC') === character);
}

/** Whether both are spellings of one name. */
export function isSameName(a: string, b: string): boolean {
  const name = canonicalName(a);
  return name !== undefined && name === canonicalName(b);
}

const isName = v.check((text: string) => canonicalName(text) !== undefined, 'a name without look-alike or invisible characters');
/** A user principal name, in any spelling. */
export const PersonName = v.pipe(v.string(), v.minLength(1), isName);
/** A group, by name, path or id as the provider claims it, in any spelling. */
export const GroupName = v.pipe(v.string(), v.minLength(1), isName);
/** A person at their provider (`sub`): never another person's, and not to be read. Compared byte by byte. */
export const PersonId = v.pipe(v.string(), v.minLength(1), v.maxLength(255), v.regex(PLAIN));
