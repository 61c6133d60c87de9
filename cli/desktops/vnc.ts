/** A desktop by VNC: TigerVNC's X server on a private Unix socket, with a window manager and a terminal in it. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import type { SessionAccount } from './account.ts';
import { desktopOf, isRoot, needProgram, type RunningDesktop, type RunningProgram, startProgram } from './confinement.ts';
import { untilWritten } from './server-ready.ts';
import { writeCookie } from './x-cookie.ts';

export interface VncDesktop {
  /** owner-only folder for logs */
  readonly folder: string;
  readonly account: SessionAccount;
  /** at most 8 characters count (RFB 3.8, 7.2.2) */
  readonly password: string;
  readonly signal: AbortSignal;
}

const GEOMETRY = '1024x700';

/** The account must reach the socket, so it lies in a private folder of its home when the account is not our own. */
export function vncSocket(folder: string, account: SessionAccount): string {
  return join(privateFolder(folder, account), 'vnc.sock');
}

export async function startVncDesktop(desktop: VncDesktop): Promise<RunningDesktop> {
  const { account, folder } = desktop;
  const server = needProgram('Xvnc');
  const inside = privateFolder(folder, account);
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  if (isRoot()) chownSync(inside, account.uid, account.gid);
  const own = (name: string, content: string | Buffer): string => {
    const file = join(inside, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (isRoot()) chownSync(file, account.uid, account.gid);
    return file;
  };
  const socket = join(inside, 'vnc.sock');
  rmSync(socket, { force: true });
  const passwordFile = own('vnc-password', obfuscated(desktop.password));
  const cookie = own('xauthority', writeCookie(randomBytes(16)));
  const displayFile = own('display', '');
  const access = ['-rfbport', '-1', '-rfbunixpath', socket, '-rfbunixmode', '0600', '-SecurityTypes', 'VncAuth', '-rfbauth', passwordFile];
  const screen = ['-geometry', GEOMETRY, '-depth', '24', '-AlwaysShared', '-nolisten', 'tcp', '-auth', cookie, '-desktop', 'Linux desktop'];
  // The X server picks a free display itself and writes its number to the file, opened by the shell as descriptor 3.
  const script = 'exec "$0" -displayfd 3 "$@" 3>"$DISPLAY_FILE"';
  const programs: RunningProgram[] = [];
  const start = (file: string, args: readonly string[], env: Readonly<Record<string, string>>): RunningProgram => {
    const program = startProgram({ file, args, env, as: account, logFile: join(folder, 'vnc.log') });
    programs.push(program);
    return program;
  };
  return desktopOf(programs, async () => {
    const x = start('/bin/sh', ['-c', script, server, ...screen, ...access], { DISPLAY_FILE: displayFile });
    await untilWritten(displayFile, 'Xvnc', x, desktop.signal);
    const env = { DISPLAY: `:${readFileSync(displayFile, 'utf8').trim()}`, XAUTHORITY: cookie, SHELL: '/bin/bash' };
    start(needProgram('openbox'), [], env);
    start(needProgram('xterm'), ['-geometry', '100x30+40+40'], env);
    spawnSync(needProgram('xsetroot'), ['-solid', '#205c40'], { env, timeout: 5_000 });
  });
}

function privateFolder(folder: string, account: SessionAccount): string {
  return isRoot() && account.uid !== 0 ? join(account.home, '.holdfast-vnc') : folder;
}

function obfuscated(password: string): Buffer {
  const result = spawnSync(needProgram('tigervncpasswd', 'vncpasswd'), ['-f'], { input: `${password}\n` });
  if (result.status !== 0) throw new HoldfastError('internal', { reason: 'program-failed', name: 'vncpasswd', said: '' });
  return result.stdout;
}
