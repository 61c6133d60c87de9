/** Signs a session's SSH key for its person's account, for a minute: `ssh-keygen -s`, without a shell, with owner-only temporary files. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import type { Grant } from '#protocol/lease';
import { TIMES } from '#protocol/limits';
import { AccountName } from '#protocol/session-server';

export interface CertificateRequest {
  /** file with the CA's private key */
  readonly caKey: string;
  /** OpenSSH public key, one line, checked by the schema */
  readonly sshKey: string;
  /** the one account that it signs on to */
  readonly account: string;
  readonly grant: Pick<Grant, 'session' | 'correlationId' | 'user'>;
}

/** Checked when the SSH session begins; its expiry does not end a running session. */
const VALIDITY = `-30s:+${TIMES.signOnSeconds}s`;
const DEADLINE_MS = 5_000;
const run = promisify(execFile);

/** One line, as `ssh` reads it from `<key>-cert.pub`. Throws 3026. */
export async function sshCertificate({ caKey, sshKey, account, grant }: CertificateRequest): Promise<string> {
  if (!v.is(AccountName, account)) throw new HoldfastError(3026, { reason: 'no-account' });
  // mkdtemp creates an owner-only folder.
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-cert-'));
  try {
    const key = join(folder, 'key.pub');
    await writeFile(key, `${sshKey}\n`, { mode: 0o600 });
    // The identity appears in the server's log: which person, which launch.
    const identity = `holdfast:${grant.user.subject}:${grant.correlationId}`;
    const options = ['-q', '-s', caKey, '-I', identity, '-n', account, '-V', VALIDITY, '-O', 'clear', '-O', 'permit-pty', key];
    await run('ssh-keygen', options, { timeout: DEADLINE_MS, windowsHide: true });
    return (await readFile(join(folder, 'key-cert.pub'), 'utf8')).trim();
  } catch (cause) {
    throw new HoldfastError(3026, { reason: 'not-certified' }, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
