/** What the viewer needs to recognise the session server and to sign on. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AttachedFrame } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import type { Grant } from '#protocol/lease';
import type { SessionServer } from '#protocol/service-config';
import { readSecret } from '#runtime/service/config';
import { sshCertificate } from './ssh-certificate.ts';

export type SignOn = AttachedFrame['signOn'];

/** Throws 3026 when something configured is missing, or the device brought no key where one is needed. */
export async function signOnFor(server: SessionServer, sshKey: string | undefined, grant: Grant): Promise<SignOn> {
  try {
    return { ...(await recognition(server)), ...(await credentials(server, sshKey, grant)) };
  } catch (cause) {
    if (cause instanceof HoldfastError && cause.code === 3026) throw cause;
    throw new HoldfastError(3026, { reason: 'no-sign-on' }, { cause });
  }
}

async function recognition({ sshHostKey, rdpCertificate }: SessionServer): Promise<SignOn> {
  const found: SignOn = {};
  if (sshHostKey !== undefined) found.sshHostKey = (await readFile(sshHostKey, 'utf8')).trim().split(/\s+/u).slice(0, 2).join(' ');
  if (rdpCertificate !== undefined) {
    const fingerprint = new X509Certificate(await readFile(rdpCertificate)).fingerprint256;
    found.rdpFingerprint = fingerprint.replaceAll(':', '').toLowerCase();
  }
  return found;
}

async function credentials({ protocol, signOn }: SessionServer, sshKey: string | undefined, grant: Grant): Promise<SignOn> {
  switch (signOn.kind) {
    case 'account':
      return { ...(signOn.user !== undefined && { user: signOn.user }), password: readSecret(signOn.password) };
    case 'certificate': {
      if (protocol !== 'ssh') throw new HoldfastError(3026, { reason: 'not-ssh' });
      if (sshKey === undefined) throw new HoldfastError(3026, { reason: 'no-device-key' });
      return { user: signOn.user, sshCertificate: await sshCertificate({ caKey: signOn.caKey, sshKey, user: signOn.user, grant }) };
    }
    case 'ask':
      return signOn.user === undefined ? {} : { user: signOn.user };
  }
}
