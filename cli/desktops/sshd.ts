/** A terminal: OpenSSH's server with its own host key and port, which accepts certificates of the agent's key and nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { HOST } from '../up/plan.ts';
import type { SessionAccount } from './account.ts';
import { desktopOf, isRoot, needProgram, type RunningDesktop, startProgram } from './confinement.ts';
import { untilListening } from './server-ready.ts';

export interface SshDesktop {
  readonly folder: string;
  readonly port: number;
  readonly account: SessionAccount;
  readonly signal: AbortSignal;
}

/** Files that the session host's configuration names. */
export function sshFiles(folder: string): { readonly caKey: string; readonly hostKey: string; readonly hostPublicKey: string } {
  return { caKey: join(folder, 'user-ca'), hostKey: join(folder, 'host-key'), hostPublicKey: join(folder, 'host-key.pub') };
}

/** Where sshd parks its unprivileged half; a folder in memory that the system's own sshd makes too. */
const PRIVILEGE_SEPARATION = '/run/sshd';

export async function startSshDesktop(desktop: SshDesktop): Promise<RunningDesktop> {
  const sshd = needProgram('sshd');
  const files = sshFiles(desktop.folder);
  makeKey(files.caKey, 'Holdfast session certificates');
  makeKey(files.hostKey, 'Holdfast terminal');
  if (isRoot()) mkdirSync(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
  const config = join(desktop.folder, 'sshd_config');
  writeFileSync(config, sshdConfig(desktop), { mode: 0o600 });
  const program = startProgram({
    file: sshd,
    args: ['-D', '-e', '-f', config],
    logFile: join(desktop.folder, 'sshd.log'),
    confined: true,
  });
  return desktopOf([program], () => untilListening(desktop.port, 'sshd', program, desktop.signal));
}

function sshdConfig({ folder, port, account }: SshDesktop): string {
  const files = sshFiles(folder);
  return [
    `ListenAddress ${HOST}:${port}`,
    `HostKey ${files.hostKey}`,
    'PidFile none',
    `TrustedUserCAKeys ${files.caKey}.pub`,
    `AllowUsers ${account.user}`,
    'AuthenticationMethods publickey',
    'AuthorizedKeysFile none',
    'PermitRootLogin prohibit-password',
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
  const result = spawnSync(needProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file], { encoding: 'utf8' });
  if (result.status !== 0)
    throw new HoldfastError('internal', { reason: 'program-failed', name: 'ssh-keygen', said: result.stderr.trim() });
}
