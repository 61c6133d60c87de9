/** The desktops behind the session hosts: started where this machine can, and how each agent signs people on to its own. */
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import type { SessionServer } from '#protocol/service-config';
import type { SessionAccount } from '../desktops/account.ts';
import type { RunningDesktop } from '../desktops/confinement.ts';
import { rdpCertificate, rdpObstacle, startRdpDesktop } from '../desktops/rdp.ts';
import { sshFiles, startSshDesktop } from '../desktops/sshd.ts';
import { startVncDesktop, vncSocket } from '../desktops/vnc.ts';
import type { DataDir } from './data-dir.ts';
import { DESKTOPS, type Desktop, type DesktopKind, HOST } from './plan.ts';
import type { Secrets } from './secrets.ts';

export type DesktopServer = v.InferInput<typeof SessionServer>;

export interface DesktopContext {
  readonly dir: DataDir;
  readonly base: number;
  readonly account: SessionAccount;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

export interface StartedDesktop {
  readonly desktop: Desktop;
  readonly running: RunningDesktop;
}

/** Why a desktop is not there; the terminal goes without saying, so its failure ends `up`. */
export interface MissingDesktop {
  readonly desktop: Desktop;
  readonly why: HoldfastError;
}

type Starter = (desktop: Desktop, folder: string, context: DesktopContext) => Promise<RunningDesktop>;

const START: Readonly<Record<DesktopKind, Starter>> = {
  ssh: ({ n }, folder, { base, account, signal }) => startSshDesktop({ folder, port: base + n, account, signal }),
  vnc: (_, folder, { account, secrets, signal }) => startVncDesktop({ folder, account, password: secrets.vncPassword, signal }),
  async rdp({ n }, folder, { base, signal }) {
    const obstacle = rdpObstacle();
    if (obstacle !== undefined) throw obstacle;
    return startRdpDesktop({ folder, port: base + n, managerPort: base + n + 1, signal });
  },
};

export async function startDesktops(context: DesktopContext): Promise<{ started: StartedDesktop[]; missing: MissingDesktop[] }> {
  const outcomes = await Promise.all(
    DESKTOPS.map(async (desktop): Promise<StartedDesktop | MissingDesktop> => {
      try {
        return { desktop, running: await START[desktop.kind](desktop, folderOf(desktop, context), context) };
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        return { desktop, why: error };
      }
    }),
  );
  const started = outcomes.filter((outcome): outcome is StartedDesktop => 'running' in outcome);
  const missing = outcomes.filter((outcome): outcome is MissingDesktop => 'why' in outcome);
  const needed = missing.find(({ desktop }) => desktop.kind === 'ssh');
  if (needed === undefined) return { started, missing };
  await Promise.all(started.map(({ running }) => running.end()));
  throw needed.why;
}

/** How the agent reaches the desktop's server and signs people on to it. */
export function serverOf(name: string, context: DesktopContext): DesktopServer {
  const desktop = DESKTOPS.find((one) => one.name === name);
  if (desktop === undefined) throw new TypeError(`no desktop ${name} in the plan`);
  return SERVER[desktop.kind](desktop, folderOf(desktop, context), context);
}

const SERVER: Readonly<Record<DesktopKind, (desktop: Desktop, folder: string, context: DesktopContext) => DesktopServer>> = {
  ssh: ({ n }, folder, { base, account }) => ({
    protocol: 'ssh',
    target: { host: HOST, port: base + n },
    signOn: { kind: 'certificate', user: account.user, caKey: sshFiles(folder).caKey },
    sshHostKey: sshFiles(folder).hostPublicKey,
  }),
  vnc: (_, folder, { account, secrets }) => ({
    protocol: 'vnc',
    target: { socket: vncSocket(folder, account) },
    signOn: { kind: 'account', password: { value: secrets.vncPassword } },
  }),
  rdp: ({ n }, folder, { base, account }) => ({
    protocol: 'rdp',
    target: { host: HOST, port: base + n },
    signOn: { kind: 'account', user: account.user, password: { value: account.password ?? '' } },
    rdpCertificate: rdpCertificate(folder),
  }),
};

function folderOf(desktop: Desktop, { dir }: DesktopContext): string {
  return dir.folder('desktops', desktop.name);
}
