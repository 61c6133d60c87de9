/**
 * A terminal: OpenSSH's server with its own host key, which accepts certificates of the agent's key and nothing else. It listens
 * nowhere: each connection to our private socket gets an sshd of its own, as inetd would start it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import type { SessionAccount } from './account.ts';
import { desktopOf, isRoot, needProgram, type RunningDesktop, type RunningProgram, startProgram } from './confinement.ts';
import { listenPrivately } from './private-socket.ts';

export interface SshDesktop {
  readonly folder: string;
  readonly socket: string;
  /** who may sign on */
  readonly accounts: readonly SessionAccount[];
  /** a session's process has come or gone */
  onChange(): void;
}

/** Files that the session host's configuration names. */
export function sshFiles(folder: string): { readonly caKey: string; readonly hostKey: string; readonly hostPublicKey: string } {
  return { caKey: join(folder, 'user-ca'), hostKey: join(folder, 'host-key'), hostPublicKey: join(folder, 'host-key.pub') };
}

/** Where sshd parks its unprivileged half; a folder in memory that the system's own sshd makes too. */
const PRIVILEGE_SEPARATION = '/run/sshd';

/** Throws `internal` when sshd does not take its configuration. */
export async function startSshDesktop({ folder, socket, accounts, onChange }: SshDesktop): Promise<RunningDesktop> {
  const sshd = needProgram('sshd');
  const files = sshFiles(folder);
  makeKey(files.caKey, 'Holdfast session certificates');
  makeKey(files.hostKey, 'Holdfast terminal');
  if (isRoot()) mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
  const config = join(folder, 'sshd_config');
  writeFileSync(config, sshdConfig(folder, accounts), { mode: 0o600 });
  run(sshd, ['-t', '-f', config]);
  const sessions: RunningProgram[] = [];
  const close = await listenPrivately(socket, (connection) => {
    const session = startProgram({
      file: sshd,
      args: ['-i', '-e', '-f', config],
      logFile: join(folder, 'sshd.log'),
      connection,
      confined: true,
    });
    sessions.push(session);
    onChange();
    void session.ended.then(() => {
      sessions.splice(sessions.indexOf(session), 1);
      onChange();
    });
  });
  return desktopOf(sessions, async () => {}, close);
}

function sshdConfig(folder: string, accounts: readonly SessionAccount[]): string {
  const files = sshFiles(folder);
  return [
    `HostKey ${files.hostKey}`,
    'PidFile none',
    `TrustedUserCAKeys ${files.caKey}.pub`,
    `AllowUsers ${accounts.map(({ user }) => user).join(' ')}`,
    'AuthenticationMethods publickey',
    'AuthorizedKeysFile none',
    'PermitRootLogin no',
    'DisableForwarding yes',
    'PermitUserRC no',
    'PrintMotd no',
    'PrintLastLog no',
    'UsePAM no',
    '',
  ].join('\n');
}

function makeKey(file: string, comment: string): void {
  if (existsSync(file) && existsSync(`${file}.pub`)) return;
  run(needProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file]);
}

function run(file: string, args: readonly string[]): void {
  const result = spawnSync(file, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new HoldfastError('internal', { reason: 'program-failed', name: file, said: result.stderr.trim() });
}
