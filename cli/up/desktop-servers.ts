/** The desktops behind the session hosts: started where this machine can, and how each agent signs people on to its own. */
import { join } from 'node:path';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { ACCOUNT, type SessionServer, type SignOnHelperConfig } from '#protocol/session-server';
import { needProgram, type RunningDesktop } from '../desktops/confinement.ts';
import { rdpCertificate, rdpObstacle, startRdpDesktop } from '../desktops/rdp.ts';
import { sshFiles, startSshDesktop } from '../desktops/sshd.ts';
import { startVncDesktops, vncPasswordFile } from '../desktops/vnc.ts';
import type { DataDir } from './data-dir.ts';
import { DESKTOPS, type Desktop, type DesktopKind } from './plan.ts';
import type { SessionAccounts } from './session-accounts.ts';
import { signOnHelper } from './sign-on-helper.ts';

export type DesktopServer = v.InferInput<typeof SessionServer>;

export interface DesktopContext {
  readonly dir: DataDir;
  readonly accounts: SessionAccounts;
  readonly signal: AbortSignal;
  /** a desktop's process has come or gone */
  onChange(): void;
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

interface Place {
  /** owner-only */
  readonly folder: string;
  /** where the agent connects */
  readonly socket: string;
}

type Starter = (place: Place, context: DesktopContext) => Promise<RunningDesktop>;

const START: Readonly<Record<DesktopKind, Starter>> = {
  ssh: (place, { accounts, onChange }) => startSshDesktop({ ...place, accounts: accounts.list, onChange }),
  vnc: (place, { accounts, signal, onChange }) => startVncDesktops({ ...place, accounts: accounts.list, signal, onChange }),
  async rdp(place, context) {
    const obstacle = rdpObstacle();
    if (obstacle !== undefined) throw obstacle;
    return startRdpDesktop({ ...place, check: helperOf('rdp', place, context).check, signal: context.signal });
  },
};

export async function startDesktops(context: DesktopContext): Promise<{ started: StartedDesktop[]; missing: MissingDesktop[] }> {
  const outcomes = await Promise.all(
    DESKTOPS.map(async (desktop): Promise<StartedDesktop | MissingDesktop> => {
      try {
        return { desktop, running: await START[desktop.kind](placeOf(desktop, context), context) };
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
  const place = placeOf(desktop, context);
  return { protocol: desktop.kind, target: { socket: place.socket }, ...SIGN_ON[desktop.kind](place, context) };
}

type SignOn = Omit<DesktopServer, 'protocol' | 'target'>;

const SIGN_ON: Readonly<Record<DesktopKind, (place: Place, context: DesktopContext) => SignOn>> = {
  ssh: ({ folder }, { accounts }) => ({
    signOn: { kind: 'certificate', account: accounts.mapping, caKey: sshFiles(folder).caKey },
    sshHostKey: sshFiles(folder).hostPublicKey,
  }),
  vnc: (place, context) => ({ signOn: oneTime('vnc', place, context) }),
  rdp: (place, context) => ({ signOn: oneTime('rdp', place, context), rdpCertificate: rdpCertificate(place.folder) }),
};

function oneTime(kind: 'vnc' | 'rdp', place: Place, context: DesktopContext): NonNullable<DesktopServer['signOn']> {
  return { kind: 'one-time', account: context.accounts.mapping, helper: helperOf(kind, place, context).give };
}

function helperOf(kind: 'vnc' | 'rdp', { folder }: Place, { accounts }: DesktopContext) {
  const passwords: SignOnHelperConfig['passwords'] =
    kind === 'rdp'
      ? { kind: 'pam', folder: join(folder, 'one-time') }
      : { kind: 'vnc', file: vncPasswordFile(folder), obfuscate: needProgram('tigervncpasswd', 'vncpasswd') };
  return signOnHelper(folder, { accounts: accounts.list.map(({ user }) => user), passwords });
}

/** Each account has a socket of its own where each has a server of its own. */
function placeOf({ name, kind }: Desktop, { dir }: DesktopContext): Place {
  return { folder: dir.folder('desktops', name), socket: join(dir.sockets, kind === 'vnc' ? `${name}-${ACCOUNT}` : name) };
}
