/**
 * The local accounts in which the sessions run. Started by root, `up` makes one for each person: nobody gets a root shell from a
 * click, nor another person's files. No password opens them. Started by anybody else, everybody's sessions run as that person.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { findProgram } from '../../test/setup/find.ts';

export interface SessionAccount {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export function ownAccount(): SessionAccount {
  const { username, uid, gid, homedir } = userInfo();
  return { user: username, uid, gid, home: homedir };
}

/** Makes the account anew. `*`: no password is right, and sshd without PAM does not call it locked. Needs root. */
export function makeAccount(user: string): SessionAccount {
  removeAccount(user);
  const home = `/home/${user}`;
  const shell = ['--shell', '/bin/bash', '--comment', 'Holdfast sessions'];
  command('useradd', ['--create-home', '--home-dir', home, ...shell, '--password', '*', user]);
  const { uid, gid } = statSync(home);
  chmodSync(home, 0o700);
  const account = { user, uid, gid, home };
  writeSession(account);
  return account;
}

/** Ends what still runs in it and removes it with its folder. Nothing to do when there is none. */
export function removeAccount(user: string): void {
  const id = spawnSync('id', ['-u', user], { encoding: 'utf8' });
  if (id.status !== 0) return;
  for (const pid of processesOf(Number(id.stdout))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
  command('userdel', ['--force', '--remove', user]);
}

/** What an RDP session starts; the VNC desktop looks the same. */
function writeSession(account: SessionAccount): void {
  const file = join(account.home, '.xsession');
  writeFileSync(file, ['#!/bin/sh', "xsetroot -solid '#20405c'", 'xterm -geometry 100x30+40+40 &', 'exec openbox', ''].join('\n'));
  chmodSync(file, 0o755);
  chownSync(file, account.uid, account.gid);
}

function processesOf(uid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return Number.isInteger(pid) && statSync(`/proc/${pid}`).uid === uid;
      } catch {
        return false;
      }
    });
}

function command(name: string, args: readonly string[]): void {
  const file = findProgram(name);
  const result = file === undefined ? undefined : spawnSync(file, args, { encoding: 'utf8', timeout: 30_000 });
  // 12: userdel removed the account, but had no mail folder to remove.
  if (result !== undefined && (result.status === 0 || (name === 'userdel' && result.status === 12))) return;
  throw new HoldfastError('internal', { reason: 'program-failed', name, said: result?.stderr.trim() ?? '' });
}
