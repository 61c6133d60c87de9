/**
 * The ceremony (`holdfast root init`): held once, on a computer that people watch. It makes the root keys, the keys of the
 * roles, the first root bundle and the pins by which everybody else will know this root.
 */
import { randomBytes } from 'node:crypto';
import { rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import { RootBundle } from '#protocol/trust';
import { loadOrMakeKeys } from '#runtime/component/keys';
import { nodeDisk } from '#runtime/files/disk';
import { ensurePrivateFolder, writePrivateFile } from '#runtime/files/private';
import { writeKey } from '#runtime/jose/key-file';
import { sha256 } from '#runtime/jose/primitives';
import { newEd25519, publicHalf } from '#runtime/jose/sign';
import { FOLDER, writeBundle } from './ceremony-folder.ts';
import { signBundle } from './sign-bundle.ts';

export interface CeremonyOptions {
  /** made when missing; has to be empty */
  readonly dir: string;
  readonly tenant: string;
  /** how many root keys there are, and how many of them sign a new root bundle */
  readonly rootKeys?: number;
  readonly threshold?: number;
}

export interface CeremonyResult {
  readonly pins: { readonly tlsPin: string; readonly rootPin: string };
  /** file names, as the configurations of root of trust and lease issuer want them */
  readonly roleKeys: { readonly trust: string; readonly revoker: string; readonly issuer: string; readonly bundles: string };
}

export const ROOT_KEYS = 3;
export const THRESHOLD = 2;
/** Seconds: a bundle is renewed every year; an expired one stops issuing, not launching. */
export const BUNDLE_SECONDS = 2 * 365 * 86_400;

/**
 * The folder appears whole or not at all. Throws `bad_request` when something lies in it already, for keys are never
 * replaced silently, and for a threshold that the keys can't meet; `unsafe_folder`.
 */
export async function holdCeremony({ dir, tenant, rootKeys = ROOT_KEYS, threshold = THRESHOLD }: CeremonyOptions): Promise<CeremonyResult> {
  if (threshold < 1 || threshold > rootKeys)
    throw new HoldfastError('bad_request', { reason: 'threshold', most: rootKeys, count: threshold });
  const folder = resolve(dir);
  await ensurePrivateFolder(folder);
  if ((await nodeDisk.list(folder)).length > 0) throw new HoldfastError('bad_request', { reason: 'ceremony-held', path: folder });

  const keys = Array.from({ length: rootKeys }, newEd25519);
  const roles = { trust: newEd25519(), revoker: newEd25519(), issuer: newEd25519() };
  const iat = Math.floor(Date.now() / 1_000);
  const bundle = parse(RootBundle, {
    version: 1,
    tenant,
    threshold,
    rootKeys: keys.map((key) => publicHalf(key)),
    roles: { trust: [publicHalf(roles.trust)], issuer: [publicHalf(roles.issuer)], revoker: [publicHalf(roles.revoker)] },
    iat,
    exp: iat + BUNDLE_SECONDS,
  });
  const signed = signBundle(bundle, keys);

  const temporary = join(dirname(folder), `.${randomBytes(8).toString('hex')}.tmp`);
  const at = (...names: string[]) => join(temporary, ...names);
  try {
    for (const name of ['', FOLDER.offline, FOLDER.bundles, FOLDER.own]) await ensurePrivateFolder(at(name));
    const own = await loadOrMakeKeys(at(FOLDER.own), 'root-of-trust');
    const pins = { tlsPin: own.stated.tls, rootPin: sha256(signed.payload) };
    for (const [index, key] of keys.entries()) await writeKey(at(FOLDER.offline, `root-key.${index + 1}.json`), key);
    for (const role of ['trust', 'revoker', 'issuer'] as const) await writeKey(at(FOLDER[role]), roles[role]);
    await writeBundle(at(FOLDER.bundles), signed, bundle.version);
    await writePrivateFile(at(FOLDER.pins), JSON.stringify(pins));
    await rmdir(folder);
    await rename(temporary, folder);
    return { pins, roleKeys: roleKeysIn(folder) };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Where the ceremony's folder has what the services are configured with. */
export function roleKeysIn(folder: string): CeremonyResult['roleKeys'] {
  const at = (name: string) => join(folder, name);
  return { trust: at(FOLDER.trust), revoker: at(FOLDER.revoker), issuer: at(FOLDER.issuer), bundles: at(FOLDER.bundles) };
}
