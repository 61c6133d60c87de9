/** What `up` says when it is ready: one line of JSON for programs, a few plain lines for people without a terminal. */
import { HOST } from './plan.ts';

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
}

export function plainWords(report: UpReport): string {
  return [
    `Holdfast is ready: ${report.workspaceUrl}`,
    ...report.users.map(({ name, password, groups }) => `  sign in as ${name}, password ${password} (${groups.join(', ')})`),
    ...report.missing.map(({ name, why }) => `  left out: ${name}: ${why}`),
    `Break it with: npx holdfast outage cloud stop   (and restore; see npx holdfast outage --help)`,
    'Ctrl-C ends everything.',
    '',
  ].join('\n');
}

export function addressOf(port: number): string {
  return `${HOST}:${port}`;
}
