/**
 * The password file of TigerVNC's `-rfbauth`, which Xvnc reads at every sign-on: there only while a password is good. Written as the
 * account itself, whatever links it may have laid in its folders: root writes nothing there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { ACCOUNT, type SignOnHelperConfig } from '#protocol/session-server';
import { type Given, newPassword } from './password.ts';

/** RFC 6143, 7.2.2: only 8 characters count. The server's socket is private besides. */
const LENGTH = 8;

type ForVnc = Extract<SignOnHelperConfig['passwords'], { kind: 'vnc' }>;

/** From here on this process has the account's rights only. Throws `internal` when the password can't be written. */
export function writeForVnc({ file: template, obfuscate }: ForVnc, account: string): Given {
  become(account);
  const file = template.replace(ACCOUNT, () => account);
  const password = newPassword(LENGTH);
  const { status, stdout, stderr } = spawnSync(obfuscate, ['-f'], { input: `${password}\n` });
  if (status !== 0) throw new HoldfastError('internal', { reason: 'program-failed', name: 'vncpasswd', said: String(stderr).trim() });
  const content: Buffer = stdout;
  const temporary = join(dirname(file), `.${randomBytes(8).toString('hex')}.tmp`);
  writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
  return { password, takeBack: () => removeIfStill(file, content) };
}

/** A later sign-on's password is not this one's to remove. */
function removeIfStill(file: string, content: Buffer): void {
  if (existsSync(file) && readFileSync(file).equals(content)) rmSync(file, { force: true });
}

function become(account: string): void {
  const id = (what: '-u' | '-g') => Number(execFileSync('id', [what, '--', account], { encoding: 'utf8' }));
  const [uid, gid] = [id('-u'), id('-g')];
  if (uid === process.getuid?.()) return;
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
