/** A component's own keys, one for each use, made at its first start, replaced by it from time to time, and kept in its data folder. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { Ed25519PrivateJwk } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { Seconds } from '#protocol/primitives';
import type { ComponentKeys } from '#protocol/trust';
import { readIfThere, writePrivateFile } from '../files/private.ts';
import { componentSigner, newEd25519, publicHalf } from '../jose/sign.ts';
import { newTlsIdentity, spkiDigest, type TlsIdentity } from '../tls/certificate.ts';

const KeyFile = v.strictObject({
  made: Seconds,
  sign: Ed25519PrivateJwk,
  tls: v.strictObject({ key: v.string(), cert: v.string(), spki: v.string() }),
});

export interface OwnKeys {
  readonly signer: ReturnType<typeof componentSigner>;
  readonly tls: TlsIdentity;
  /** the public halves, as an enrolment submits them */
  readonly stated: ComponentKeys;
}

export interface KeptKeys extends OwnKeys {
  /** seconds */
  readonly made: number;
}

const FILES = { own: 'keys.json', next: 'keys.next.json' } as const;

/** Throws `bad_config` when the key file is damaged: new keys would need a new enrolment. */
export function loadOrMakeKeys(dataDir: string, id: string): Promise<KeptKeys> {
  return loadOrMake(join(dataDir, FILES.own), id);
}

/** Those that are to replace them. Kept from the first attempt on: the root of trust may have stated them although its answer was lost. */
export function loadOrMakeNextKeys(dataDir: string, id: string): Promise<KeptKeys> {
  return loadOrMake(join(dataDir, FILES.next), id);
}

/** From now on they are the component's own. */
export async function adoptNextKeys(dataDir: string): Promise<void> {
  await rename(join(dataDir, FILES.next), join(dataDir, FILES.own));
}

async function loadOrMake(path: string, id: string): Promise<KeptKeys> {
  const text = await readIfThere(path);
  if (text !== undefined) return fromFile(parseJson(KeyFile, text, LIMITS.configBytes, 'bad_config'));
  const tls = await newTlsIdentity(id);
  const file = { made: Math.floor(Date.now() / 1_000), sign: newEd25519(), tls: { ...tls, spki: spkiDigest(tls.cert) } };
  await writePrivateFile(path, JSON.stringify(file));
  return fromFile(file);
}

function fromFile(file: v.InferOutput<typeof KeyFile>): KeptKeys {
  return {
    made: file.made,
    signer: componentSigner(file.sign),
    tls: { key: file.tls.key, cert: file.tls.cert },
    stated: { tls: file.tls.spki, sign: publicHalf(file.sign) },
  };
}
