/**
 * OpenSSH in a terminal. The server's host key is pinned by its own known_hosts file and `HostKeyAlias`; the user's SSH files are never
 * used. Files are named relative to the session's folder: ssh expands `%` and splits at spaces in what its options name.
 */
import { chmod } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { writePrivateFile } from '#runtime/files/private';
import { SESSION_KEY } from '../session/session-key.ts';
import { textValue, userValue } from './argument-values.ts';
import { sshWords } from './ssh-words.ts';
import { inTerminal } from './terminal.ts';
import { SAID, type Viewer, type ViewerInput, type ViewerPlan } from './viewer.ts';

/** Stands for the session host in the known_hosts file, whatever port the loopback side has. */
const ALIAS = 'session-host.holdfast';
const HOST_KEY = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/=]+$/u;
const KNOWN_HOSTS = 'known_hosts';
const CERTIFIED = 'key-cert.pub';
const CERTIFICATE = /^[a-z0-9@.-]+-cert-v01@openssh\.com [A-Za-z0-9+/=]+(?: [^\p{Cc}]*)?$/u;

export function sshViewer(ssh: string, terminal: string): Viewer {
  return { protocol: 'ssh', name: 'OpenSSH in xterm', file: terminal, door: () => 'port', plan: (input) => plan(ssh, terminal, input) };
}

async function plan(ssh: string, terminal: string, input: ViewerInput): Promise<ViewerPlan> {
  const { folder, door, resource, signOn } = input;
  if (door.kind !== 'port') throw new TypeError('ssh needs a port');
  const hostKey = signOn.sshHostKey?.trim();
  if (hostKey !== undefined && !HOST_KEY.test(hostKey)) throw new HoldfastError(3026, { reason: 'ssh-host-key' });
  if (hostKey !== undefined) await writePrivateFile(join(folder, KNOWN_HOSTS), `${ALIAS} ${hostKey}\n`);
  const options = {
    HostKeyAlias: ALIAS,
    UserKnownHostsFile: KNOWN_HOSTS,
    GlobalKnownHostsFile: '/dev/null',
    // Without a key to compare with, ssh asks the person, unless a program answers it; the channel itself is already verified.
    StrictHostKeyChecking: hostKey !== undefined ? 'yes' : signOn.password === undefined ? 'ask' : 'accept-new',
    UpdateHostKeys: 'no',
    ...(await identity(input)),
    ConnectTimeout: '5',
    ServerAliveInterval: '15',
    ServerAliveCountMax: '3',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    ClearAllForwardings: 'yes',
    PermitLocalCommand: 'no',
    ControlPath: 'none',
    LogLevel: 'DEBUG1',
    NumberOfPasswordPrompts: signOn.password === undefined ? '3' : '1',
  };
  const user = userValue(signOn.user ?? userInfo().username);
  const args = [
    '-F',
    '/dev/null',
    '-E',
    SAID,
    '-p',
    String(door.port),
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
  return {
    file: terminal,
    args: inTerminal(resource.name, [], [ssh, ...args, '-l', user, '--', '127.0.0.1']),
    ...(signOn.password !== undefined && { env: await passwordBy(folder, signOn.password) }),
    words: sshWords(signOn),
  };
}

/** The session's own key with the session host's certificate, or no key at all: the user's other keys are never offered. */
async function identity({ folder, signOn, key }: ViewerInput): Promise<Record<string, string>> {
  if (key === undefined || signOn.sshCertificate === undefined) {
    return { IdentitiesOnly: 'yes', IdentityFile: 'none', PubkeyAuthentication: 'no' };
  }
  const certificate = signOn.sshCertificate.trim();
  if (!CERTIFICATE.test(certificate)) throw new HoldfastError(3026, { reason: 'ssh-certificate' });
  await writePrivateFile(join(folder, CERTIFIED), `${certificate}\n`);
  return { IdentitiesOnly: 'yes', IdentityFile: SESSION_KEY, CertificateFile: CERTIFIED };
}

/** ssh asks this program for the password; the program reads it from the environment it was given. */
async function passwordBy(folder: string, password: string): Promise<Record<string, string>> {
  const ask = join(folder, 'ask');
  await writePrivateFile(ask, '#!/bin/sh\nprintf \'%s\\n\' "$HOLDFAST_SSH_PASSWORD"\n');
  await chmod(ask, 0o700);
  return { SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: 'force', HOLDFAST_SSH_PASSWORD: textValue(password) };
}
