/** The next root bundle (`holdfast root rotate`): new root keys, new role keys, or only a later expiry. Signed by the thresholds of the old and the new. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptNextBundle } from '#core/trust/root-bundle';
import { HoldfastError } from '#protocol/errors';
import type { Ed25519Jwk, Ed25519PrivateJwk } from '#protocol/jose';
import type { RootBundle } from '#protocol/trust';
import { ensurePrivateFolder } from '#runtime/files/private';
import { readKey, writeKey } from '#runtime/jose/key-file';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import { newEd25519, publicHalf } from '#runtime/jose/sign';
import { BUNDLE_SECONDS } from './ceremony.ts';
import { FOLDER, type KeptBundle, listBundles, readBundle, readKeys, writeBundle } from './ceremony-folder.ts';
import { signBundle } from './sign-bundle.ts';

export const ROTATED_ROLES = ['trust', 'issuer', 'revoker'] as const;
export type RotatedRole = (typeof ROTATED_ROLES)[number];

export interface RotateOptions {
  readonly dir: string;
  /** all root keys are replaced */
  readonly rootKeys?: boolean;
  /** roles that get a new key; the old one stays valid until it is retired, so that nothing it signed fails at once */
  readonly roles?: readonly RotatedRole[];
  /** thumbprints of role keys to retire */
  readonly retire?: readonly string[];
}

/**
 * Makes version N+1 in the ceremony's folder, to which as many offline keys as the threshold asks were carried back. The service
 * takes it in by itself. Throws `bad_request` when there are too few keys or a retired one is not there or still needed.
 */
export async function rotate(options: RotateOptions): Promise<KeptBundle> {
  const at = (...names: string[]) => join(options.dir, ...names);
  const newest = (await listBundles(at(FOLDER.bundles))).at(-1);
  if (newest === undefined) throw new HoldfastError('bad_request', { reason: 'no-bundle', path: options.dir });
  await ensurePrivateFolder(options.dir);
  const { bundle: held } = await readBundle(at(FOLDER.bundles), newest);
  const oldKeys = await readKeys(at(FOLDER.offline));
  mustSuffice(oldKeys, held, at(FOLDER.offline));
  mustBeRetirable(options, held);
  const rootKeys = options.rootKeys === true ? held.rootKeys.map(newEd25519) : [];
  const fresh = new Map((options.roles ?? []).map((role) => [role, newEd25519()] as const));

  const roleKeys = (role: RotatedRole): Ed25519Jwk[] => {
    const kept = held.roles[role].filter((key) => !options.retire?.includes(thumbprint(key)));
    const made = fresh.get(role);
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
  if (!judged.ok) throw new HoldfastError('bad_config', { reason: 'successor', why: judged.why });

  for (const [role, key] of fresh) await writeKey(at(FOLDER[role]), key);
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
  return { signed, bundle: next };
}

function mustSuffice(keys: readonly Ed25519PrivateJwk[], { rootKeys, threshold }: RootBundle, folder: string): void {
  const there = new Set(keys.map((key) => thumbprint(publicHalf(key))));
  const carried = rootKeys.filter((key) => there.has(thumbprint(key))).length;
  if (carried >= threshold) return;
  throw new HoldfastError('bad_request', {
    reason: 'too-few-keys',
    least: threshold,
    total: rootKeys.length,
    path: folder,
    count: carried,
  });
}

/** The first key of a role is the one in use: it goes only when a new one takes its place. */
function mustBeRetirable({ roles = [], retire = [] }: RotateOptions, held: RootBundle): void {
  for (const kid of retire) {
    const role = ROTATED_ROLES.find((one) => held.roles[one].some((key) => thumbprint(key) === kid));
    if (role === undefined) throw new HoldfastError('bad_request', { reason: 'key-unknown', id: kid });
    const [inUse] = held.roles[role];
    if (inUse !== undefined && thumbprint(inUse) === kid && !roles.includes(role))
      throw new HoldfastError('bad_request', { reason: 'key-in-use', id: kid, name: role });
  }
}

async function removeOthers(folder: string, keep: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!keep.includes(thumbprint(publicHalf(await readKey(path))))) await rm(path);
  }
}
