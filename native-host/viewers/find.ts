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

const USUAL: Readonly<Record<SessionProtocol, string>> = { ssh: 'OpenSSH in xterm', vnc: 'TigerVNC', rdp: 'FreeRDP' };

/** Throws `missing_viewer` with the kind of session. */
export function findViewer(protocol: SessionProtocol, configured: Configured): Viewer {
  const found = FINDERS[protocol](configured);
  if (found === undefined) throw new HoldfastError('missing_viewer', { reason: protocol });
  return found;
}

const FINDERS: Readonly<Record<SessionProtocol, (configured: Configured) => Viewer | undefined>> = {
  ssh: (configured) => {
    const ssh = programOr(configured.ssh, 'ssh');
    const terminal = terminalOf(configured);
    return ssh === undefined || terminal === undefined ? undefined : sshViewer(ssh, terminal);
  },
  vnc: (configured) => {
    const file = programOr(configured.vnc, 'xtigervncviewer', 'vncviewer');
    return file === undefined ? undefined : vncViewer(file);
  },
  rdp: (configured) => {
    const file = programOr(configured.rdp, 'xfreerdp3', 'xfreerdp');
    return file === undefined ? undefined : rdpViewer(file, terminalOf(configured));
  },
};

function terminalOf({ terminal }: Configured): string | undefined {
  return programOr(terminal, 'xterm');
}

function programOr(configured: string | undefined, ...names: readonly string[]): string | undefined {
  return configured === undefined ? findProgram(...names) : configuredProgram(configured);
}

/** For the popup and `status`: the viewer of each protocol. */
export function listViewers(configured: Configured): FoundViewer[] {
  return (['ssh', 'vnc', 'rdp'] as const).map((protocol) => {
    const found = FINDERS[protocol](configured);
    if (found === undefined) return { protocol, name: USUAL[protocol], found: false };
    return { protocol, name: found.name, path: found.file, found: true };
  });
}
