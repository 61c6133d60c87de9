/**
 * A desktop by RDP: xrdp and its session manager with copies of the system's configuration. Both run in namespaces of their own:
 * there /etc/xrdp, /run/xrdp and their PAM stack are ours, and the ports of session manager and X servers are in a network that no
 * other local user reaches. xrdp itself listens on a private socket. No file of the system is touched.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { confinementObstacle, desktopOf, isRoot, needProgram, type RunningDesktop, startProgram } from './confinement.ts';
import { untilListening } from './server-ready.ts';

export interface RdpDesktop {
  readonly folder: string;
  /** where it listens */
  readonly socket: string;
  /** command and arguments that judge a sign-on as pam_exec(8) says: the sign-on helper's `check` */
  readonly check: readonly string[];
  readonly signal: AbortSignal;
}

const SYSTEM = '/etc/xrdp';
const RUN = '/run/xrdp';
const PAM = '/etc/pam.d/xrdp-sesman';

export function rdpCertificate(folder: string): string {
  return join(folder, 'certificate.pem');
}

/** Why there can't be an RDP desktop here; `undefined` when nothing is in the way. */
export function rdpObstacle(): HoldfastError | undefined {
  return isRoot() ? confinementObstacle() : new HoldfastError('missing_program', { reason: 'account' });
}

export async function startRdpDesktop(desktop: RdpDesktop): Promise<RunningDesktop> {
  const xrdp = needProgram('xrdp');
  const manager = needProgram('xrdp-sesman');
  const ip = needProgram('ip');
  const { folder, socket } = desktop;
  const etc = join(folder, 'etc');
  const run = join(folder, 'run');
  rmSync(etc, { recursive: true, force: true });
  rmSync(run, { recursive: true, force: true });
  cpSync(SYSTEM, etc, { recursive: true, dereference: true, filter: (file) => !file.endsWith('.pem') });
  mkdirSync(run, { mode: 0o755 });
  makeCertificate(folder);
  configure(join(etc, 'xrdp.ini'), {
    port: `unix://.${socket}`,
    certificate: rdpCertificate(folder),
    key_file: join(folder, 'key.pem'),
    security_layer: 'tls',
    autorun: 'Xvnc',
    LogFile: join(folder, 'xrdp.log'),
    EnableSyslog: 'false',
  });
  configure(join(etc, 'sesman.ini'), {
    LogFile: join(folder, 'sesman.log'),
    EnableSyslog: 'false',
  });
  const pam = join(folder, 'pam');
  writeFileSync(pam, pamStack(desktop.check), { mode: 0o600 });
  const program = startProgram({
    file: '/bin/sh',
    args: ['-c', INSIDE, manager, xrdp, etc, run, pam, ip],
    logFile: join(folder, 'output.log'),
    confined: 'alone',
  });
  return desktopOf([program], () => untilListening(socket, 'xrdp', program, desktop.signal));
}

/**
 * `$0` session manager, `$1` xrdp, `$2` and `$3` our folders, `$4` the PAM stack, `$5` ip. Runs as the head of the namespaces:
 * when it ends, all ends. xrdp comes once the session manager listens (port 3350, 0D16; state 0A): who comes before is shown an
 * error instead of a desktop.
 */
const INSIDE = [
  'set -e',
  'mount --make-rprivate /',
  `mount --bind "$2" ${SYSTEM}`,
  `mkdir -p ${RUN}`,
  `mount --bind "$3" ${RUN}`,
  `mkdir -m 3777 ${RUN}/sockdir`,
  `mount --bind "$4" ${PAM}`,
  '"$5" link set lo up',
  '"$0" --nodaemon &',
  'until grep -q ":0D16 .* 0A " /proc/net/tcp /proc/net/tcp6; do kill -0 $!; sleep 0.05; done',
  '"$1" --nodaemon &',
  'wait',
].join('\n');

/** No password of the system opens a desktop here, and none of ours opens anything else. */
function pamStack(check: readonly string[]): string {
  return [
    '#%PAM-1.0',
    'auth required pam_env.so readenv=1',
    `auth requisite pam_exec.so quiet expose_authtok ${check.join(' ')}`,
    // pam_exec has no say in setting credentials; somebody must agree to it. Nobody comes here whom it has refused.
    'auth required pam_permit.so',
    'account required pam_unix.so',
    '@include common-session',
    'password requisite pam_deny.so',
    '',
  ].join('\n');
}

/** Replaces the first line of each key; keys are unique where they are set here. */
function configure(file: string, settings: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, 'utf8');
  for (const [key, value] of Object.entries(settings)) {
    const line = new RegExp(`^${key}=.*$`, 'mu');
    if (!line.test(text)) throw new HoldfastError('internal', { reason: 'setting-unknown', path: file, name: key });
    text = text.replace(line, () => `${key}=${value}`);
  }
  writeFileSync(file, text);
}

function makeCertificate(folder: string): void {
  const files = { key: join(folder, 'key.pem'), certificate: rdpCertificate(folder) };
  if (existsSync(files.key) && existsSync(files.certificate)) return;
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-subj', '/CN=Holdfast RDP desktop'];
  const result = spawnSync(needProgram('openssl'), [...request, '-keyout', files.key, '-out', files.certificate], { encoding: 'utf8' });
  if (result.status !== 0) throw new HoldfastError('internal', { reason: 'program-failed', name: 'openssl', said: result.stderr.trim() });
}
