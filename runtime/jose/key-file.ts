/** A role's private key, in a file of its own. */
import { readFile } from 'node:fs/promises';
import { HoldfastError } from '#protocol/errors';
import { Ed25519PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import { writePrivateFile } from '../files/private.ts';
import { unreadable } from '../files/readable.ts';

const KEY_BYTES = 4_096;

export async function writeKey(path: string, key: Ed25519PrivateJwk): Promise<void> {
  await writePrivateFile(path, JSON.stringify(key));
}

/** Throws `bad_config` when it can't be read or is no private Ed25519 key. */
export async function readKey(path: string): Promise<Ed25519PrivateJwk> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    return parseJson(Ed25519PrivateJwk, text, KEY_BYTES, 'bad_config');
  } catch (cause) {
    throw new HoldfastError('bad_config', { reason: 'no-key', path }, { cause });
  }
}
