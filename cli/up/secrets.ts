/** Passwords and tokens of one data folder: made once, kept in one owner-only file, the same at the next start. */
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { P256PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { newP256 } from '#runtime/jose/sign';
import type { DataDir } from './data-dir.ts';
import { PEOPLE } from './people.ts';

const Secrets = v.object({
  users: v.record(v.string(), v.string()),
  adminToken: v.string(),
  clientSecret: v.string(),
  /** with which the identity service signs ID tokens; the Workspace takes no other */
  identityKey: P256PrivateJwk,
});
export type Secrets = v.InferOutput<typeof Secrets>;

const FILE_BYTES = 65_536;
const FILE = 'secrets.json';

/** Those of a data folder; `undefined` before its first start. */
export async function readSecrets(dataDir: string): Promise<Secrets | undefined> {
  const kept = await readIfThere(join(dataDir, FILE));
  return kept === undefined ? undefined : parseJson(Secrets, kept, FILE_BYTES, 'bad_config');
}

export async function openSecrets(dir: DataDir): Promise<Secrets> {
  const kept = await readSecrets(dir.path);
  if (kept !== undefined) return kept;
  const secrets: Secrets = {
    users: Object.fromEntries(PEOPLE.map(({ name }) => [name, readablePassword()])),
    adminToken: randomBytes(32).toString('base64url'),
    clientSecret: randomBytes(32).toString('base64url'),
    identityKey: newP256(),
  };
  await writePrivateFile(dir.file(FILE), JSON.stringify(secrets));
  return secrets;
}

/** Lower-case letters and digits that are not mistaken for each other: 5 bits each. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const PERSON_LENGTH = 12;

function readablePassword(): string {
  return Array.from({ length: PERSON_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
