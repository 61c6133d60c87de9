/**
 * The ceremony: held once, on a computer that people watch. It makes the root keys, the keys of the roles, the first root
 * bundle and the pins by which everybody else will know this root.
 */
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import type { RootBundle } from '#protocol/trust';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { ensurePrivateFolder, readIfThere, writePrivateFile } from '#runtime/files/private';
import { writeKey } from '#runtime/jose/key-file';
import { sha256 } from '#runtime/jose/primitives';
import { newEd25519, publicHalf } from '#runtime/jose/sign';
import { FOLDER, writeBundle } from './ceremony-folder.ts';
import { signBundle } from './sign-bundle.ts';

export interface CeremonyResult {
  readonly pins: { readonly tlsPin: string; readonly rootPin: string };
  /** file names, as the configurations of root of trust and lease issuer want them */
  readonly roleKeys: { readonly trust: string; readonly revoker: string; readonly issuer: string; readonly bundles: string };
}

const ROOT_KEYS = 3;
const THRESHOLD = 2;
/** Seconds: a bundle is renewed every year; an expired one stops issuing, not launching. */
export const BUNDLE_SECONDS = 2 * 365 * 86_400;

/** Throws `conflict` when a ceremony was held in this folder before: its keys are never replaced silently. */
export async function holdCeremony(options: { dir: string; tenant: string; issuerKeyFile?: string }): Promise<CeremonyResult> {
  const at = (...names: string[]) => join(options.dir, ...names);
  const roleKeys = {
    trust: at(FOLDER.trust),
    revoker: at(FOLDER.revoker),
    issuer: options.issuerKeyFile ?? at(FOLDER.issuer),
    bundles: at(FOLDER.bundles),
  };
  if ((await readIfThere(at(FOLDER.pins))) !== undefined)
    throw new HoldfastError('conflict', `A ceremony was held in ${options.dir} already.`);
  for (const folder of [options.dir, at(FOLDER.offline), at(FOLDER.bundles), at(FOLDER.own)]) await ensurePrivateFolder(folder);

  const rootKeys = Array.from({ length: ROOT_KEYS }, newEd25519);
  const roles = { trust: newEd25519(), revoker: newEd25519(), issuer: newEd25519() };
  const iat = Math.floor(Date.now() / 1_000);
  const bundle: RootBundle = {
    version: 1,
    tenant: options.tenant,
    threshold: THRESHOLD,
    rootKeys: rootKeys.map((key) => publicHalf(key)),
    roles: { trust: [publicHalf(roles.trust)], issuer: [publicHalf(roles.issuer)], revoker: [publicHalf(roles.revoker)] },
    iat,
    exp: iat + BUNDLE_SECONDS,
  };
  const signed = signBundle(bundle, rootKeys);
  const own = await loadOrMakeKeys(at(FOLDER.own), 'root-of-trust');
  const pins = { tlsPin: own.stated.tls, rootPin: sha256(signed.payload) };

  for (const [index, key] of rootKeys.entries()) await writeKey(at(FOLDER.offline, `root-key.${index + 1}.json`), key);
  for (const role of ['trust', 'revoker', 'issuer'] as const) await writeKey(roleKeys[role], roles[role]);
  await writeBundle(roleKeys.bundles, signed, bundle.version);
  // Last of all: a folder without pins is one whose ceremony was broken off and may be held again.
  await writePrivateFile(at(FOLDER.pins), JSON.stringify(pins));
  return { pins, roleKeys };
}
