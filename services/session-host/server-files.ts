/**
 * The files that a session server's configuration names. All are read at the start, which says what is wrong with which; then again
 * for each session, so that a renewed key or certificate counts.
 */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { AttachedFrame } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { SessionServer } from '#protocol/session-server';
import { mustBeReadable, unreadable } from '#runtime/files/readable';
import { hostKeyIn } from './ssh-host-key.ts';

const DEADLINE_MS = 5_000;
const run = promisify(execFile);

/** Throws `bad_config` that names the file. */
export async function checkFiles(servers: readonly SessionServer[]): Promise<void> {
  for (const server of servers) {
    await recognition(server);
    if (server.signOn.kind === 'certificate') await checkCaKey(server.signOn.caKey);
  }
}

/** How the viewer recognises the server. Throws `bad_config` that names the file. */
export async function recognition({
  sshHostKey: keyFile,
  rdpCertificate: certificateFile,
}: SessionServer): Promise<Pick<AttachedFrame['signOn'], 'sshHostKey' | 'rdpFingerprint'>> {
  const sshHostKey = keyFile === undefined ? undefined : await hostKey(keyFile);
  const rdpFingerprint = certificateFile === undefined ? undefined : await fingerprint(certificateFile);
  return { ...(sshHostKey !== undefined && { sshHostKey }), ...(rdpFingerprint !== undefined && { rdpFingerprint }) };
}

async function hostKey(path: string): Promise<string> {
  const key = hostKeyIn(await read(path));
  if (key === undefined) throw new HoldfastError('bad_config', { reason: 'no-host-key', path });
  return key;
}

async function fingerprint(path: string): Promise<string> {
  const pem = await read(path);
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'no-certificate', path }, { cause });
  }
}

/** By the program that signs with it: it takes no key that others may read, or that has a passphrase. */
async function checkCaKey(path: string): Promise<void> {
  await mustBeReadable(path);
  try {
    await run('ssh-keygen', ['-y', '-P', '', '-f', path], { timeout: DEADLINE_MS, windowsHide: true });
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'ca-key', path }, { cause });
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
