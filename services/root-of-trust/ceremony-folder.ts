/**
 * The folder that the ceremony makes. What lies in `offline/` is carried away after it; the rest is what the service reads.
 *   offline/root-key.<n>.json   private root keys; as many as the threshold sign a new root bundle
 *   trust.json, revoker.json    private keys of the roles that the service plays
 *   issuer.json                 private key of the lease issuer, to be carried to where that runs
 *   bundles/root.<version>.json signed root bundles
 *   own/keys.json               the service's own TLS and sign keys
 *   pins.json                   what every other component is given to know this root by
 */
import { join } from 'node:path';
import type { Ed25519PrivateJwk } from '#protocol/jose';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { RootBundle, SignedRootBundle } from '#protocol/trust';
import { nodeDisk } from '#runtime/files/disk';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { readKey } from '#runtime/jose/key-file';

export const FOLDER = {
  offline: 'offline',
  bundles: 'bundles',
  own: 'own',
  trust: 'trust.json',
  revoker: 'revoker.json',
  issuer: 'issuer.json',
  pins: 'pins.json',
} as const;

/** All private keys of a folder, by file name; none when there is no folder. */
export async function readKeys(folder: string): Promise<readonly Ed25519PrivateJwk[]> {
  const names = (await nodeDisk.list(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readKey(join(folder, name))));
}

export interface KeptBundle {
  readonly signed: SignedRootBundle;
  readonly bundle: RootBundle;
}

const BUNDLE_FILE = /^root\.(\d{1,9})\.json$/u;

/** Names of the bundle files, oldest first; none when there is no folder. */
export async function listBundles(folder: string): Promise<readonly string[]> {
  const versions = (await nodeDisk.list(folder)).flatMap((name) => Number(BUNDLE_FILE.exec(name)?.[1] ?? 0) || []);
  return versions.sort((a, b) => a - b).map((version) => `root.${version}.json`);
}

export function readBundle(folder: string, name: string): Promise<KeptBundle> {
  return readBundleFile(join(folder, name));
}

/** Throws `bad_config` when there is none or it is malformed. Whether it is signed is not asked here. */
export async function readBundleFile(path: string): Promise<KeptBundle> {
  const text = (await readIfThere(path)) ?? '';
  const signed = parseJson(SignedRootBundle, text, 2 * LIMITS.rootBundleBytes, 'bad_config');
  const payload = Buffer.from(signed.payload, 'base64url').toString('utf8');
  return { signed, bundle: parseJson(RootBundle, payload, LIMITS.rootBundleBytes, 'bad_config') };
}

export async function writeBundle(folder: string, signed: SignedRootBundle, version: number): Promise<void> {
  await writePrivateFile(join(folder, `root.${version}.json`), JSON.stringify(signed));
}
