/** A component's own keys, one for each use, made at its first start and kept in its data folder. */
import { join } from 'node:path';
import * as v from 'valibot';
import { Ed25519PrivateJwk } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { ComponentKeys } from '#protocol/trust';
import { readIfThere, writePrivateFile } from '../files/private.ts';
import { componentSigner, newEd25519, publicHalf } from '../jose/sign.ts';
import { newTlsIdentity, spkiDigest, type TlsIdentity } from '../tls/certificate.ts';

const KeyFile = v.strictObject({ sign: Ed25519PrivateJwk, tls: v.strictObject({ key: v.string(), cert: v.string(), spki: v.string() }) });

export interface OwnKeys {
  readonly signer: ReturnType<typeof componentSigner>;
  readonly tls: TlsIdentity;
  /** the public halves, as an enrolment submits them */
  readonly stated: ComponentKeys;
}

/** Throws `bad_config` when the key file is damaged: new keys would need a new enrolment. */
export async function loadOrMakeKeys(dataDir: string, id: string): Promise<OwnKeys> {
  const path = join(dataDir, 'keys.json');
  const text = await readIfThere(path);
  if (text !== undefined) return fromFile(parseJson(KeyFile, text, LIMITS.configBytes, 'bad_config'));
  const tls = await newTlsIdentity(id);
  const file = { sign: newEd25519(), tls: { ...tls, spki: spkiDigest(tls.cert) } };
  await writePrivateFile(path, JSON.stringify(file));
  return fromFile(file);
}

function fromFile(file: v.InferOutput<typeof KeyFile>): OwnKeys {
  return {
    signer: componentSigner(file.sign),
    tls: { key: file.tls.key, cert: file.tls.cert },
    stated: { tls: file.tls.spki, sign: publicHalf(file.sign) },
  };
}
