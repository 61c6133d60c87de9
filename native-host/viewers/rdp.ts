/**
 * FreeRDP 2 and 3 over the session's Unix socket, the server's certificate pinned by its fingerprint, the password by stdin. Where the
 * server wants to know who it is before it shows anything, FreeRDP asks for it in a terminal.
 */
import { HoldfastError } from '#protocol/errors';
import { textValue, titleValue, userValue } from './argument-values.ts';
import { RDP_LOG, rdpWords } from './rdp-words.ts';
import { inTerminal } from './terminal.ts';
import { SAID, type SignOn, type Viewer, type ViewerInput, type ViewerPlan } from './viewer.ts';

export function rdpViewer(file: string, terminal: string | undefined): Viewer {
  return { protocol: 'rdp', name: 'FreeRDP', file, door: () => 'socket', plan: async (input) => plan(file, terminal, input) };
}

function plan(file: string, terminal: string | undefined, { folder, door, signOn, resource }: ViewerInput): ViewerPlan {
  if (door.kind !== 'socket') throw new TypeError('FreeRDP gets a socket');
  const { user, password, nla, rdpFingerprint } = signOn;
  const args = [
    `/v:${textValue(door.path)}`,
    ...(user === undefined ? [] : [`/u:${userValue(user)}`, '/d:']),
    ...asking(signOn),
    certificate(rdpFingerprint),
    nla === true ? '/sec:nla' : '/sec:tls',
    '/size:1280x800',
    `/t:${titleValue(resource.name)}`,
    '-clipboard',
    ...RDP_LOG,
  ];
  const env = {
    // It keeps what it says on stdout to itself until it ends.
    WLOG_APPENDER: 'file',
    WLOG_FILEAPPENDER_OUTPUT_FILE_PATH: folder,
    WLOG_FILEAPPENDER_OUTPUT_FILE_NAME: SAID,
    // It opens nothing where it can't write its own files, though nothing here needs them.
    XDG_CONFIG_HOME: folder,
  };
  const words = rdpWords(signOn);
  if (nla === true && (user === undefined || password === undefined)) {
    if (terminal === undefined) throw new HoldfastError(3026, { reason: 'no-terminal' });
    return { file: terminal, args: inTerminal(`Sign in to ${resource.name}`, ['-geometry', '60x8'], [file, ...args]), env, words };
  }
  return { file, args, env, ...(user !== undefined && password !== undefined && { stdin: `${textValue(password)}\n` }), words };
}

function asking({ user, password, nla }: SignOn): readonly string[] {
  if (user !== undefined && password !== undefined) return ['/from-stdin:force'];
  // Without it, FreeRDP takes the name of the account that it runs in.
  if (nla === true) return ['/from-stdin'];
  // The server's own sign-in screen asks; it keeps the device's keyboard layout.
  return [];
}

/**
 * Without a fingerprint there is nothing to compare the server's certificate with. The other end of the channel was already
 * verified by its trust statement, and the agent there connects to a server on its own machine.
 */
function certificate(fingerprint: string | undefined): string {
  if (fingerprint === undefined) return '/cert:ignore';
  return `/cert:deny,fingerprint:sha256:${fingerprint.match(/../gu)?.join(':') ?? ''}`;
}
