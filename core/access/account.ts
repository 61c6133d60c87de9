/** In whose local account a person's session runs: their own, by a mapping. Nobody gets an account by likeness. */
import * as v from 'valibot';
import { canonicalName, isSameName } from '#protocol/names';
import type { User } from '#protocol/primitives';
import { type AccountMapping, AccountName, UPN_LOCAL } from '#protocol/session-server';
import { ofPerson } from './person-id.ts';

/** `undefined`: the mapping has none for this person, or one that no session may run in. */
export function accountOf(mapping: AccountMapping, { id, upn }: Pick<User, 'id' | 'upn'>): string | undefined {
  const account = ofPerson(mapping.ids, id) ?? ('table' in mapping ? inTable(mapping.table, upn) : byTemplate(mapping, upn));
  return v.is(AccountName, account) ? account : undefined;
}

function inTable(table: Readonly<Record<string, string>>, upn: string): string | undefined {
  return Object.entries(table).find(([of]) => isSameName(of, upn))?.[1];
}

function byTemplate({ domain, template }: { readonly domain: string; readonly template: string }, upn: string): string | undefined {
  const name = canonicalName(upn);
  const at = name?.lastIndexOf('@') ?? 0;
  if (name === undefined || at < 1 || name.slice(at + 1) !== domain) return undefined;
  return template.replace(UPN_LOCAL, () => name.slice(0, at));
}
