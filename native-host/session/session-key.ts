/** An SSH key for one session: the session host certifies it for a minute, and it is deleted with the session's folder. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastError } from '#protocol/errors';
import { mustHaveRoom } from '../disk-trial.ts';
import { findProgram } from '../viewers/find-program.ts';

const run = promisify(execFile);

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
  try {
    await run(program, ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path], { signal, windowsHide: true });
  } catch (cause) {
    // The program says only that saving failed.
    await mustHaveRoom(folder);
    throw new HoldfastError(3026, { reason: 'no-ssh-key' }, { cause });
  }
  const [type = '', content = ''] = (await readFile(`${path}.pub`, 'utf8')).trim().split(' ');
  return { publicKey: `${type} ${content}` };
}
