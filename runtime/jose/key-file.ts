/** A role's private key, in a file of its own. */
import { HoldfastError } from '#protocol/errors';
import { Ed25519PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import { readIfThere, writePrivateFile } from '../files/private.ts';

const KEY_BYTES = 4_096;

export async function writeKey(path: string, key: Ed25519PrivateJwk): Promise<void> {
  await writePrivateFile(path, JSON.stringify(key));
}

/** Throws `bad_config` when it is missing or no private Ed25519 key. */
export async function readKey(path: string): Promise<Ed25519PrivateJwk> {
  const text = await readIfThere(path);
  if (text === undefined) throw new HoldfastError('bad_config', { reason: 'file-missing', path });
  try {
    return parseJson(Ed25519PrivateJwk, text, KEY_BYTES, 'bad_config');
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'no-key', path }, { cause });
  }
}
