/** What a person copies for whoever helps them: the facts of an error as they are, and the command that may mend it. No sentences. */
import type { ErrorCode, WireError } from './errors.ts';

/** By code, or by its reason. Operators' words have the same commands; pages never show one. */
export const COMMANDS: { readonly [C in ErrorCode]?: string | Readonly<Record<string, string>> } = {
  host_missing: 'holdfast-host install',
  host_crashed: 'holdfast-host doctor',
  forbidden_caller: 'holdfast-host install',
  missing_viewer: {
    rdp: 'sudo apt install freerdp2-x11',
    ssh: 'sudo apt install openssh-client xterm',
    vnc: 'sudo apt install tigervnc-viewer',
  },
};

/** One fact a line. `at`: milliseconds since 1970; `more`: facts of the place where it is shown, by name. */
export function detailsOf(error: WireError, at: number, more: Readonly<Record<string, string>> = {}): string {
  const { code, reason, params = {}, cause, correlationId } = error;
  const facts = {
    error: [code, reason].filter((part) => part !== undefined).join(' '),
    ...params,
    cause,
    ...more,
    command: commandFor(error),
    time: new Date(at).toISOString(),
    ID: correlationId,
  };
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');
}

function commandFor({ code, reason }: WireError): string | undefined {
  const known = COMMANDS[code];
  return typeof known === 'object' ? known[reason ?? ''] : known;
}
