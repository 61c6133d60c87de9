/** FreeRDP 2 and 3 over the session's Unix socket, the server's certificate pinned by its fingerprint, the password by stdin. */
import { textValue, titleValue, userValue } from './argument-values.ts';
import type { Viewer, ViewerInput, ViewerPlan } from './viewer.ts';

export function rdpViewer(file: string): Viewer {
  return { protocol: 'rdp', name: 'FreeRDP', file, door: 'socket', plan: async (input) => plan(file, input) };
}

function plan(file: string, { door, signOn, resource }: ViewerInput): ViewerPlan {
  if (door.kind !== 'socket') throw new TypeError('FreeRDP gets a socket');
  const { user, password, rdpFingerprint } = signOn;
  const knowsWho = user !== undefined && password !== undefined;
  return {
    file,
    args: [
      `/v:${textValue(door.path)}`,
      // Without both, the server's own sign-in screen asks; it keeps the device's keyboard layout.
      ...(user === undefined ? [] : [`/u:${userValue(user)}`, '/d:']),
      ...(knowsWho ? ['/from-stdin:force'] : []),
      certificate(rdpFingerprint),
      '/sec:tls',
      '/size:1280x800',
      `/t:${titleValue(resource.name)}`,
      '-clipboard',
      '/log-level:WARN',
    ],
    ...(knowsWho && { stdin: `${textValue(password)}\n` }),
  };
}

/**
 * Without a fingerprint there is nothing to compare the server's certificate with. The other end of the channel was already
 * verified by its trust statement, and the agent there connects to a server on its own machine.
 */
function certificate(fingerprint: string | undefined): string {
  if (fingerprint === undefined) return '/cert:ignore';
  return `/cert:deny,fingerprint:sha256:${fingerprint.match(/../gu)?.join(':') ?? ''}`;
}
