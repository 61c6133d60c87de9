/** Each person's own local account, made at the start and removed at the end; without root, everybody's sessions run in one. */
import type { AccountMapping } from '#protocol/session-server';
import { makeAccount, ownAccount, removeAccount, type SessionAccount } from '../desktops/account.ts';
import { isRoot } from '../desktops/confinement.ts';
import type { Endings } from './endings.ts';
import { PEOPLE, UPN_DOMAIN } from './people.ts';
import type { RunKeeper } from './run-record.ts';

export interface SessionAccounts {
  /** as the agents' configuration says it */
  readonly mapping: AccountMapping;
  readonly list: readonly SessionAccount[];
  /** one account for everybody: its name */
  readonly shared?: string;
}

/** `holdfast-<base port>-<person>`: two `up` on one machine share none, and no account of the machine's own is taken for one. */
export function openAccounts(portBase: number, run: RunKeeper, endings: Endings): SessionAccounts {
  if (!isRoot()) {
    const own = ownAccount();
    return { mapping: { table: Object.fromEntries(PEOPLE.map(({ upn }) => [upn, own.user])) }, list: [own], shared: own.user };
  }
  const named = (person: string) => `holdfast-${portBase}-${person}`;
  const names = PEOPLE.map(({ name }) => named(name));
  run.accounts(names);
  endings.after(() => names.forEach(removeAccount));
  return { mapping: { domain: UPN_DOMAIN, template: named('{upn.local}') }, list: names.map(makeAccount) };
}
