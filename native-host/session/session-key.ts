/** An SSH key for one session: the session host certifies it for a minute, and it is deleted with the session's folder. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { findProgram } from '../viewers/find-program.ts';

/** The private key's file, in the session's folder. */
export const SESSION_KEY = 'key';

export interface SessionKey {
  /** `type base64`, without a comment */
  readonly publicKey: string;
}

export async function makeSessionKey(folder: string, signal: AbortSignal): Promise<SessionKey> {
  const program = findProgram('ssh-keygen');
  if (program === undefined) throw new HoldfastError('missing_viewer', { reason: 'ssh' });
  const path = join(folder, SESSION_KEY);
  await new Promise<void>((resolve, reject) => {
    execFile(program, ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path], { signal, windowsHide: true }, (error) =>
      error === null ? resolve() : reject(new HoldfastError(3026, { reason: 'no-ssh-key' }, { cause: error })),
    );
  });
  const [type = '', content = ''] = (await readFile(`${path}.pub`, 'utf8')).trim().split(' ');
  return { publicKey: `${type} ${content}` };
}
