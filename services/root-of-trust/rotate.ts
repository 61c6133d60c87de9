/** The next root bundle: new root keys, new role keys, or only a later expiry. Signed by the thresholds of the old and the new. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptNextBundle } from '#core/trust/root-bundle';
import { HoldfastError } from '#protocol/errors';
import type { Ed25519Jwk } from '#protocol/jose';
import type { RootBundle } from '#protocol/trust';
import { readKey, writeKey } from '#runtime/jose/key-file';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import { newEd25519, publicHalf } from '#runtime/jose/sign';
import { BUNDLE_SECONDS } from './ceremony.ts';
import { FOLDER, listBundles, readBundle, readKeys, writeBundle } from './ceremony-folder.ts';
import { signBundle } from './sign-bundle.ts';

export type RotatedRole = 'trust' | 'issuer' | 'revoker';

export interface RotateOptions {
  readonly dir: string;
  /** all root keys are replaced */
  readonly rootKeys?: boolean;
  /** roles that get a new key; the old one stays valid until it is retired, so that nothing it signed fails at once */
  readonly roles?: readonly RotatedRole[];
  /** thumbprints of role keys to retire */
  readonly retire?: readonly string[];
  /** where the issuer's new key goes, when it is not the ceremony's folder */
  readonly issuerKeyFile?: string;
}

/** Makes version N+1 in the ceremony's folder, to which as many offline keys as the threshold asks were carried back. The service takes it in by itself. */
export async function rotate(options: RotateOptions): Promise<RootBundle> {
  const at = (...names: string[]) => join(options.dir, ...names);
  const newest = (await listBundles(at(FOLDER.bundles))).at(-1);
  if (newest === undefined) throw new HoldfastError('bad_config', `${options.dir} has no root bundle; hold the ceremony first.`);
  const { bundle: held } = await readBundle(at(FOLDER.bundles), newest);
  const oldKeys = await readKeys(at(FOLDER.offline));
  const rootKeys = options.rootKeys === true ? held.rootKeys.map(newEd25519) : [];
  const fresh = Object.fromEntries((options.roles ?? []).map((role) => [role, newEd25519()] as const));

  const roleKeys = (role: RotatedRole): Ed25519Jwk[] => {
    const kept = held.roles[role].filter((key) => !options.retire?.includes(thumbprint(key)));
    const made = fresh[role];
    return made === undefined ? kept : [publicHalf(made), ...kept];
  };
  const iat = Math.floor(Date.now() / 1_000);
  const next: RootBundle = {
    ...held,
    version: held.version + 1,
    rootKeys: options.rootKeys === true ? rootKeys.map((key) => publicHalf(key)) : held.rootKeys,
    roles: { trust: roleKeys('trust'), issuer: roleKeys('issuer'), revoker: roleKeys('revoker') },
    iat,
    exp: iat + BUNDLE_SECONDS,
  };
  const signed = signBundle(next, [...oldKeys, ...rootKeys]);
  const judged = acceptNextBundle(nodeCrypto, held, signed);
  if (!judged.ok) throw new HoldfastError('bad_config', `The offline keys do not make a good successor: ${judged.why}.`);

  for (const [role, key] of Object.entries(fresh)) {
    await writeKey(role === 'issuer' ? (options.issuerKeyFile ?? at(FOLDER.issuer)) : at(`${role}.json`), key);
  }
  // New root keys are written before the bundle that needs them; old ones are removed only after it.
  if (options.rootKeys === true) {
    for (const [index, key] of rootKeys.entries()) await writeKey(at(FOLDER.offline, `root-key.${next.version}.${index + 1}.json`), key);
  }
  await writeBundle(at(FOLDER.bundles), signed, next.version);
  if (options.rootKeys === true) {
    await removeOthers(
      at(FOLDER.offline),
      rootKeys.map((key) => thumbprint(publicHalf(key))),
    );
  }
  return next;
}

async function removeOthers(folder: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!keep.includes(thumbprint(publicHalf(await readKey(path))))) await rm(path);
  }
}
