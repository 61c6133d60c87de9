/** One account's screen: TigerVNC's X server on a Unix socket, with a window manager and a terminal in it. */
import { randomBytes } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import type { SessionAccount } from './account.ts';
import { isRoot, needProgram, type RunningProgram, startProgram } from './confinement.ts';
import { untilTold } from './server-ready.ts';
import { writeCookie } from './x-cookie.ts';

export interface ScreenOptions {
  readonly account: SessionAccount;
  /** the account's own folder for what its server needs; made here, before any session of it could have been */
  readonly own: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** takes charge of a program's end */
  keep(program: RunningProgram): RunningProgram;
}

export interface Screen {
  /** Where its server listens; started when nothing runs. Throws `internal` when it can't be. */
  socket(): Promise<string>;
}

const GEOMETRY = '1024x700';

export function prepareScreen(options: ScreenOptions): Screen {
  const { account, own } = options;
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const cookie = join(own, 'xauthority');
  writeFileSync(cookie, writeCookie(randomBytes(16)), { mode: 0o600 });
  if (isRoot()) for (const path of [own, cookie]) chownSync(path, account.uid, account.gid);
  let running: Promise<string> | undefined;
  return {
    socket() {
      running ??= start(options, cookie, () => {
        running = undefined;
      });
      return running;
    },
  };
}

async function start({ account, own, logFile, signal, keep }: ScreenOptions, cookie: string, onEnd: () => void): Promise<string> {
  const passage = mkdtempSync(join(tmpdir(), 'holdfast-vnc-'));
  const socket = join(passage, 'vnc.sock');
  const ended = () => {
    rmSync(passage, { recursive: true, force: true });
    onEnd();
  };
  try {
    giveTo(account, passage);
    const begin = (file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, tells = false) =>
      keep(startProgram({ file, args, env, as: account, logFile, tells }));
    // The X server picks a free display itself, and tells its number once it listens.
    const access = ['-rfbport', '-1', '-rfbunixpath', socket, '-rfbunixmode', '0600', '-SecurityTypes', 'VncAuth'];
    const screen = [
      '-geometry',
      GEOMETRY,
      '-depth',
      '24',
      '-AlwaysShared',
      '-nolisten',
      'tcp',
      '-auth',
      cookie,
      '-desktop',
      'Linux desktop',
    ];
    const x = begin(needProgram('Xvnc'), ['-displayfd', '3', ...screen, ...access, '-rfbauth', join(own, 'password')], {}, true);
    void x.ended.then(ended);
    const env = { DISPLAY: `:${await untilTold('Xvnc', x, signal)}`, XAUTHORITY: cookie, SHELL: '/bin/bash' };
    takeBack(account, passage, socket);
    begin(needProgram('openbox'), [], env);
    begin(needProgram('xterm'), ['-geometry', '100x30+40+40'], env);
    begin(needProgram('xsetroot'), ['-solid', '#205c40'], env);
    return socket;
  } catch (error) {
    ended();
    throw error;
  }
}

/** The account's server makes its socket in the folder. */
function giveTo({ uid, gid }: SessionAccount, passage: string): void {
  if (isRoot()) chownSync(passage, uid, gid);
}

/**
 * From now on the account can put nothing else in the socket's place: root connects there, and must not be led to a socket of
 * another service by a link.
 */
function takeBack({ uid }: SessionAccount, passage: string, socket: string): void {
  if (!isRoot()) return;
  chownSync(passage, 0, 0);
  const found = lstatSync(socket);
  if (!found.isSocket() || found.uid !== uid) throw new HoldfastError('unsafe_folder', { reason: 'other-user', path: socket });
}
