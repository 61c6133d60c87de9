/** The viewers of this device, and what to install where one is missing. */
import { HoldfastError } from '#protocol/errors';
import type { Viewer as FoundViewer } from '#protocol/host';
import type { SessionProtocol } from '#protocol/primitives';
import type { HostConfig } from '#protocol/vault';
import { configuredProgram, findProgram } from './find-program.ts';
import { rdpViewer } from './rdp.ts';
import { sshViewer } from './ssh.ts';
import type { Viewer } from './viewer.ts';
import { vncViewer } from './vnc.ts';

type Configured = HostConfig['viewers'];

const INSTALL: Readonly<Record<SessionProtocol, { readonly name: string; readonly remedy: string }>> = {
  ssh: { name: 'OpenSSH in xterm', remedy: 'Install it with: sudo apt install openssh-client xterm' },
  vnc: { name: 'TigerVNC', remedy: 'Install it with: sudo apt install tigervnc-viewer' },
  rdp: { name: 'FreeRDP', remedy: 'Install it with: sudo apt install freerdp2-x11' },
};

/** Throws `missing_viewer`, naming what to install. */
export function findViewer(protocol: SessionProtocol, configured: Configured): Viewer {
  const found = FINDERS[protocol](configured);
  if (found === undefined) throw new HoldfastError('missing_viewer', `${INSTALL[protocol].name}. ${INSTALL[protocol].remedy}`);
  return found;
}

const FINDERS: Readonly<Record<SessionProtocol, (configured: Configured) => Viewer | undefined>> = {
  ssh: (configured) => {
    const ssh = programOr(configured.ssh, 'ssh');
    const terminal = programOr(configured.terminal, 'xterm');
    return ssh === undefined || terminal === undefined ? undefined : sshViewer(ssh, terminal);
  },
  vnc: (configured) => {
    const file = programOr(configured.vnc, 'xtigervncviewer', 'vncviewer');
    return file === undefined ? undefined : vncViewer(file);
  },
  rdp: (configured) => {
    const file = programOr(configured.rdp, 'xfreerdp3', 'xfreerdp');
    return file === undefined ? undefined : rdpViewer(file);
  },
};

function programOr(configured: string | undefined, ...names: readonly string[]): string | undefined {
  return configured === undefined ? findProgram(...names) : configuredProgram(configured);
}

/** For the popup and `status`: the viewer of each protocol. */
export function listViewers(configured: Configured): FoundViewer[] {
  return (['ssh', 'vnc', 'rdp'] as const).map((protocol) => {
    const found = FINDERS[protocol](configured);
    if (found === undefined) return { protocol, name: INSTALL[protocol].name, found: false, remedy: INSTALL[protocol].remedy };
    return { protocol, name: found.name, path: found.file, found: true };
  });
}
