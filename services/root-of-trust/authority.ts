/**
 * What the service signs with, and the root bundles it gives out. Read anew when a newer bundle lies in the folder, so a
 * rotation needs no restart.
 */
import { dirname, join } from 'node:path';
import { acceptNextBundle } from '#core/trust/root-bundle';
import { judgeStatement, type Trust } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { type Ed25519Jwk, TYP } from '#protocol/jose';
import { TIMES } from '#protocol/limits';
import type { RootOfTrustConfig } from '#protocol/service-config';
import type { Role, SignedRootBundle, Statement } from '#protocol/trust';
import { loadOrMakeKeys, type OwnKeys } from '#runtime/component/keys';
import { readIfThere } from '#runtime/files/private';
import { readKey } from '#runtime/jose/key-file';
import { nodeCrypto, thumbprint } from '#runtime/jose/primitives';
import { componentSigner } from '#runtime/jose/sign';
import { FOLDER, type KeptBundle, listBundles, readBundle, writeBundle } from './ceremony-folder.ts';

type ComponentSigner = ReturnType<typeof componentSigner>;

interface Loaded {
  readonly names: string;
  /** oldest first */
  readonly bundles: readonly [KeptBundle, ...KeptBundle[]];
  readonly newest: KeptBundle;
  readonly trust: ComponentSigner;
  readonly revoker: ComponentSigner;
}

export interface Authority {
  readonly own: OwnKeys;
  current(): Loaded;
  /** looks for newer bundles; an inconsistent folder changes nothing */
  reload(): Promise<void>;
  /** keeps bundles that follow from the newest and are missing in the folder, for it was restored; returns how many */
  takeBack(bundles: readonly SignedRootBundle[]): Promise<number>;
  /** why nothing is signed, if so: the newest bundle doesn't name the keys that are here */
  complaint(): HoldfastError | undefined;
  /** a signed trust statement, for 60 days unless its key ends earlier */
  signStatement(said: Pick<Statement, 'role' | 'id' | 'keys'> & { location?: string | undefined }, now: number, ends?: number): string;
}

export async function openAuthority(config: Pick<RootOfTrustConfig, 'keys'>): Promise<Authority> {
  const ownFolder = join(dirname(config.keys.trust), FOLDER.own);
  if ((await readIfThere(join(ownFolder, 'keys.json'))) === undefined) {
    throw new HoldfastError('bad_config', { reason: 'no-ceremony', path: ownFolder });
  }
  const own = await loadOrMakeKeys(ownFolder, 'root-of-trust');
  let loaded = await load(config);
  let complaint: HoldfastError | undefined;
  const reload: Authority['reload'] = async () => {
    const names = (await listBundles(config.keys.bundles)).join();
    if (names === loaded.names) return;
    try {
      loaded = await load(config);
      complaint = undefined;
    } catch (error) {
      if (error instanceof HoldfastError) complaint = error;
      throw error;
    }
  };
  return {
    own,
    current: () => loaded,
    reload,
    async takeBack(bundles) {
      let { bundle } = loaded.newest;
      let taken = 0;
      for (const signed of bundles) {
        const next = acceptNextBundle(nodeCrypto, bundle, signed);
        if (!next.ok) continue;
        bundle = next.value;
        await writeBundle(config.keys.bundles, signed, bundle.version);
        taken++;
      }
      if (taken > 0) await reload();
      return taken;
    },
    complaint: () => complaint,
    signStatement: ({ role, id, location, keys }, now, ends = now + TIMES.statementSeconds) => {
      // What the root keys have dropped is not used any more, even if a restored folder still has it.
      if (complaint !== undefined) throw complaint;
      const claims: Statement = {
        role,
        id,
        ...(location !== undefined && { location }),
        keys,
        iat: now,
        exp: ends,
      };
      return loaded.trust.sign(TYP.statement, claims);
    },
  };
}

async function load({ keys }: Pick<RootOfTrustConfig, 'keys'>): Promise<Loaded> {
  const names = await listBundles(keys.bundles);
  const [first, ...others] = await Promise.all(names.map((name) => readBundle(keys.bundles, name)));
  if (first === undefined) throw new HoldfastError('bad_config', { reason: 'no-ceremony', path: keys.bundles });
  const newest = others.at(-1) ?? first;
  const trust = componentSigner(await readKey(keys.trust));
  const revoker = componentSigner(await readKey(keys.revoker));
  mustBeNamed(newest.bundle.roles.trust, trust.kid, keys.trust);
  mustBeNamed(newest.bundle.roles.revoker, revoker.kid, keys.revoker);
  return { names: names.join(), bundles: [first, ...others], newest, trust, revoker };
}

function mustBeNamed(keys: readonly Ed25519Jwk[], kid: string, file: string): void {
  if (!keys.some((key) => thumbprint(key) === kid)) throw new HoldfastError('bad_config', { reason: 'key-unnamed', path: file });
}

/** The trust by which the service judges those who call it: its own newest bundle. */
export function trustOfAuthority({ newest }: Loaded, list?: Trust['list']): Trust {
  return { bundle: newest.bundle, signedBundle: newest.signed, history: [newest.signed], ...(list !== undefined && { list }) };
}

/** Whether a statement that was given out is still good; an old one is left out of the directory. */
export function isStillGood(trust: Trust, token: string, now: number, roles: readonly Role[]): boolean {
  return judgeStatement(nodeCrypto, trust, token, now, { roles }).ok;
}
