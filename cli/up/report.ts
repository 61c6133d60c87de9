/** What `up` says when it is ready: one line of JSON for programs, a few plain lines for people without a terminal. */
import { thrownWords } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import type { StartedDesktop } from './desktop-servers.ts';
import { PEOPLE } from './people.ts';
import { componentNamed, HOST, portsOf, urlOf } from './plan.ts';
import type { Prerequisites } from './prerequisites.ts';
import type { SupervisedComponent, Supervisor } from './supervisor.ts';

export interface ComponentReport {
  readonly name: string;
  readonly kind: string;
  readonly pid: number | null;
  readonly addresses: readonly string[];
}

/** Stable: programs and tests read it. `consoleUrl` is null as long as there is no web console. */
export interface UpReport {
  readonly workspaceUrl: string;
  readonly identityUrl: string;
  readonly consoleUrl: string | null;
  readonly adminToken: string;
  readonly extensionDir: string;
  readonly nativeHostManifest: string;
  readonly browserProfile: string;
  readonly dataDir: string;
  readonly users: readonly { readonly name: string; readonly upn: string; readonly password: string; readonly groups: readonly string[] }[];
  readonly components: readonly ComponentReport[];
  /** desktops that this machine or this user can't have, and why */
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  /** the one local account in which everybody's sessions run; null when each person has their own */
  readonly sharedAccount: string | null;
}

export function plainWords(report: UpReport): string {
  return [
    `Holdfast is ready: ${report.workspaceUrl}`,
    ...report.users.map(({ name, password, groups }) => `  sign in as ${name}, password ${password} (${groups.join(', ')})`),
    ...report.missing.map(({ name, why }) => `  left out: ${name}: ${why}`),
    ...sharedWords(report).map((words) => `  ${words}`),
    `Break it with: npx holdfast outage cloud stop   (and restore; see npx holdfast outage --help)`,
    'Ctrl-C ends everything.',
    '',
  ].join('\n');
}

/** What is not possible without root, where people see it. */
export function sharedWords({ sharedAccount }: Pick<UpReport, 'sharedAccount'>): string[] {
  if (sharedAccount === null) return [];
  return [`everybody’s sessions run in your account ${sharedAccount} and see its files: only root can make one for each person`];
}

export interface ReportSource {
  readonly base: number;
  readonly prerequisites: Prerequisites;
  readonly supervisor: Supervisor;
  readonly extensionDir: string;
  readonly nativeHostManifest: string;
  readonly browserProfile: string;
}

export function reportOf({ base, prerequisites, supervisor, extensionDir, nativeHostManifest, browserProfile }: ReportSource): UpReport {
  const { dir, secrets, desktops, started, missing } = prerequisites;
  return {
    workspaceUrl: urlOf(componentNamed('workspace'), base),
    identityUrl: urlOf(componentNamed('identity'), base),
    consoleUrl: null,
    adminToken: secrets.adminToken,
    extensionDir,
    nativeHostManifest,
    browserProfile,
    dataDir: dir.path,
    users: PEOPLE.map(({ name, upn, groups }) => ({ name, upn, password: secrets.users[name] ?? '', groups })),
    components: [...supervisor.components().map((member) => ofComponent(member, base)), ...started.map(ofDesktop)],
    sharedAccount: desktops.accounts.shared ?? null,
    missing: missing.map(({ desktop, why }) => ({ name: desktop.name, why: thrownWords(why, everything).detail })),
  };
}

function ofComponent({ component, pid }: SupervisedComponent, base: number): ComponentReport {
  const { port, management } = portsOf(component, base);
  return { name: component.name, kind: component.service, pid: pid ?? null, addresses: [`${HOST}:${port}`, `${HOST}:${management}`] };
}

function ofDesktop({ desktop, running }: StartedDesktop): ComponentReport {
  return { name: desktop.name, kind: desktop.kind, pid: running.processes[0]?.pid ?? null, addresses: [] };
}
