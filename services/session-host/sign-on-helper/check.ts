/** The other half of `give` for PAM: pam_exec(8) names the account in PAM_USER and gives the password as input, ended by a NUL. */

import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { SignOnHelperConfig } from '#protocol/session-server';
import { takeOnce } from './pam-passwords.ts';

/** The exit status: 0 for the account's password, the first time. */
export async function check(
  { accounts, passwords }: SignOnHelperConfig,
  { stdin, env }: { readonly stdin: Readable; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<number> {
  const account = env['PAM_USER'] ?? '';
  const password = (await text(stdin)).replace(/[\0\n]+$/u, '');
  if (passwords.kind !== 'pam' || !accounts.includes(account)) return 1;
  return takeOnce(passwords.folder, account, password, Date.now()) ? 0 : 1;
}
