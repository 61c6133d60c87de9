/**
 * A desktop by RDP: xrdp and its session manager with copies of the system's configuration. xrdp reads one setting, the session
 * manager's port, from /etc/xrdp only; both run in a mount namespace of their own in which /etc/xrdp and /run/xrdp are ours.
 * No file of the system is touched.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { HOST } from '../up/plan.ts';
import { confinementObstacle, desktopOf, isRoot, needProgram, type RunningDesktop, startProgram } from './confinement.ts';
import { untilListening } from './server-ready.ts';

export interface RdpDesktop {
  readonly folder: string;
  readonly port: number;
  /** of the session manager */
  readonly managerPort: number;
  readonly signal: AbortSignal;
}

const SYSTEM = '/etc/xrdp';
const RUN = '/run/xrdp';

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
  const folder = desktop.folder;
  const etc = join(folder, 'etc');
  const run = join(folder, 'run');
  rmSync(etc, { recursive: true, force: true });
  rmSync(run, { recursive: true, force: true });
  cpSync(SYSTEM, etc, { recursive: true, dereference: true, filter: (file) => !file.endsWith('.pem') });
  mkdirSync(run, { mode: 0o755 });
  makeCertificate(folder);
  configure(join(etc, 'xrdp.ini'), {
    port: `tcp://.:${desktop.port}`,
    certificate: rdpCertificate(folder),
    key_file: join(folder, 'key.pem'),
    security_layer: 'tls',
    autorun: 'Xvnc',
    LogFile: join(folder, 'xrdp.log'),
    EnableSyslog: 'false',
  });
  configure(join(etc, 'sesman.ini'), {
    ListenAddress: HOST,
    ListenPort: `${desktop.managerPort}`,
    LogFile: join(folder, 'sesman.log'),
    EnableSyslog: 'false',
  });
  const program = startProgram({
    file: '/bin/sh',
    args: ['-c', INSIDE, manager, xrdp, etc, run],
    logFile: join(folder, 'output.log'),
    confined: true,
  });
  return desktopOf([program], async () => {
    // Both: who comes before the session manager listens is shown an error instead of a desktop. It prefers ::1.
    await untilListening(desktop.managerPort, 'xrdp-sesman', program, desktop.signal, '::1');
    await untilListening(desktop.port, 'xrdp', program, desktop.signal);
  });
}

/** `$0` session manager, `$1` xrdp, `$2` and `$3` our folders. Runs as the head of the namespace: when it ends, all ends. */
const INSIDE = [
  'set -e',
  'mount --make-rprivate /',
  `mount --bind "$2" ${SYSTEM}`,
  `mkdir -p ${RUN}`,
  `mount --bind "$3" ${RUN}`,
  `mkdir -m 3777 ${RUN}/sockdir`,
  '"$0" --nodaemon &',
  '"$1" --nodaemon &',
  'wait',
].join('\n');

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
