/** In whose local account a person's session runs: their own, by a mapping. Nobody gets an account by likeness. */

import * as v from 'valibot';
import type { User } from '#protocol/primitives';
import { type AccountMapping, AccountName, UPN_LOCAL } from '#protocol/session-server';

/** `undefined`: the mapping has none for this person, or one that no session may run in. */
export function accountOf(mapping: AccountMapping, { upn }: Pick<User, 'upn'>): string | undefined {
  const known = lowerCase(upn);
  const account = 'table' in mapping ? inTable(mapping.table, known) : byTemplate(mapping, known);
  return v.is(AccountName, account) ? account : undefined;
}

function inTable(table: Readonly<Record<string, string>>, upn: string): string | undefined {
  return Object.entries(table).find(([of]) => lowerCase(of) === upn)?.[1];
}

function byTemplate({ domain, template }: { readonly domain: string; readonly template: string }, upn: string): string | undefined {
  const at = upn.lastIndexOf('@');
  if (at < 1 || upn.slice(at + 1) !== domain) return undefined;
  return template.replace(UPN_LOCAL, () => upn.slice(0, at));
}

/** ASCII only: by Unicode's rules the Kelvin sign would become the letter k. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
}
