/** One password for one sign-on: made, told, and taken back when it is no longer needed. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { TIMES } from '#protocol/limits';
import type { SignOnHelperConfig } from '#protocol/session-server';
import { keepForPam } from './pam-passwords.ts';
import { writeForVnc } from './vnc-password.ts';

export interface Talk {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** The exit status: 0 when it was given and taken back, 1 for an account that is not in the list. */
export async function give({ accounts, passwords }: SignOnHelperConfig, { stdin, stdout, stderr }: Talk): Promise<number> {
  const lines = createInterface({ input: stdin });
  const over = Promise.race([
    once(lines, 'close'),
    once(process, 'SIGTERM'),
    once(process, 'SIGHUP'),
    new Promise((resolve) => setTimeout(resolve, TIMES.signOnSeconds * 1_000).unref()),
  ]);
  const [account] = (await Promise.race([once(lines, 'line'), over.then(() => [])])) as unknown[];
  if (typeof account !== 'string' || !accounts.includes(account)) {
    stderr.write('The account is not in the list.\n');
    return 1;
  }
  const until = Date.now() + TIMES.signOnSeconds * 1_000;
  const given = passwords.kind === 'pam' ? keepForPam(passwords.folder, account, until) : writeForVnc(passwords, account);
  try {
    stdout.write(`${given.password}\n`);
    await over;
  } finally {
    given.takeBack();
  }
  return 0;
}
