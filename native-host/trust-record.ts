/**
 * What this device knows of each Workspace's root of trust. The first bundle is pinned: by the pin in the configuration, or, only
 * where whoever installed the host decided so, as the Workspace gave it at the first contact. After that only the bundle's own successors
 * count, one version at a time, whoever brings them.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { judgeRevocationList } from '#core/trust/revocation';
import { acceptPinnedBundle } from '#core/trust/root-bundle';
import { follow, hear, judgeStatement, type Trust, trustFromPin } from '#core/trust/trust';
import { HoldfastError } from '#protocol/errors';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { News, SignedRootBundle } from '#protocol/trust';
import { type HostConfig, TrustFile } from '#protocol/vault';
import type { WorkspaceTrust } from '#protocol/workspace-api';
import { mustBeWrittenByUs } from '#runtime/files/ownership';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { inTurn } from '#runtime/in-turn';
import { nodeCrypto } from '#runtime/jose/primitives';
import type { DeviceClock } from './clock.ts';
import { HOME_FILES } from './home.ts';
import { nameOfWorkspace } from './vault/names.ts';

export interface KnownTrust {
  readonly trust: Trust;
  /** compact JWS: the Workspace's own trust statement */
  readonly workspaceStatement: string | undefined;
}

export interface TrustRecord {
  /** undefined before the first contact */
  of(workspace: string): Promise<KnownTrust | undefined>;
  /** Takes a Workspace's trust: pins it at first, then only follows from the pinned root. Throws `untrusted_peer`. */
  meet(workspace: string, said: WorkspaceTrust): Promise<KnownTrust>;
  /** Takes a peer's newer versions; anything unproven changes nothing. */
  hear(workspace: string, news: News): Promise<Trust | undefined>;
}

const FILE_BYTES = 2 * LIMITS.revocationListBytes;

export function openTrustRecord(home: string, config: HostConfig, clock: DeviceClock): TrustRecord {
  const known = new Map<string, Promise<KnownTrust | undefined>>();
  const pathOf = (workspace: string) => join(home, HOME_FILES.trust, `${nameOfWorkspace(workspace)}.json`);

  const of = (workspace: string): Promise<KnownTrust | undefined> => {
    const held = known.get(workspace);
    if (held !== undefined) return held;
    const read = readTrust(pathOf(workspace), workspace);
    known.set(workspace, read);
    read.catch(() => known.delete(workspace));
    return read;
  };

  const keep = async (workspace: string, next: KnownTrust): Promise<KnownTrust> => {
    known.set(workspace, Promise.resolve(next));
    await mkdir(join(home, HOME_FILES.trust), { recursive: true, mode: 0o700 });
    await writePrivateFile(pathOf(workspace), JSON.stringify(toFile(workspace, next)));
    if (next.trust.list !== undefined) await clock.saw(workspace, 'list', next.trust.list.iat);
    return next;
  };

  /** One change at a time: concurrent news must not undo each other. */
  const change = inTurn();

  return {
    of,
    meet: (workspace, said) =>
      change(async () => {
        const held = await of(workspace);
        const configured = config.workspaces.find(({ url }) => url === workspace);
        const base = held === undefined ? pinned(said, configured) : followed(held.trust, said);
        const trust = hear(nodeCrypto, base, { revocations: said.revocations }, clock.now(workspace));
        const statement = judgeStatement(nodeCrypto, trust, said.statement, clock.now(workspace), { roles: ['workspace'] });
        if (!statement.ok) throw new HoldfastError('untrusted_peer', { reason: 'statement', why: statement.why });
        return keep(workspace, { trust, workspaceStatement: said.statement });
      }),
    hear: (workspace, news) =>
      change(async () => {
        const held = await of(workspace);
        if (held === undefined) return undefined;
        const trust = hear(nodeCrypto, held.trust, news, clock.now(workspace));
        if (trust !== held.trust) await keep(workspace, { ...held, trust });
        return trust;
      }),
  };
}

function pinned({ earlierBundles = [], rootBundle }: WorkspaceTrust, configured: HostConfig['workspaces'][number] | undefined): Trust {
  const pin = configured?.rootPin ?? (configured?.trustFirstRoot === true ? nodeCrypto.sha256(rootBundle.payload) : undefined);
  if (pin === undefined) throw new HoldfastError('untrusted_peer', { reason: 'root-unpinned' });
  const trust = trustFromPin(nodeCrypto, [...earlierBundles, rootBundle], pin);
  if (!trust.ok) throw new HoldfastError('untrusted_peer', { reason: 'root', why: trust.why });
  return mustReach(trust.value, rootBundle);
}

function followed(held: Trust, { earlierBundles = [], rootBundle }: WorkspaceTrust): Trust {
  return mustReach(follow(nodeCrypto, held, [...earlierBundles, rootBundle]), rootBundle);
}

/** A bundle that no signed step reaches from ours belongs to another Workspace. */
function mustReach(trust: Trust, newest: SignedRootBundle): Trust {
  if (trust.signedBundle.payload === newest.payload) return trust;
  throw new HoldfastError('untrusted_peer', { reason: 'other-root' });
}

function toFile(workspace: string, { trust, workspaceStatement }: KnownTrust): TrustFile {
  return {
    v: 1,
    workspace,
    rootBundle: trust.signedBundle,
    history: [...trust.history].slice(-LIMITS.earlierBundles),
    ...(trust.listToken !== undefined && { revocations: trust.listToken }),
    ...(workspaceStatement !== undefined && { workspaceStatement }),
  };
}

async function readTrust(path: string, workspace: string): Promise<KnownTrust | undefined> {
  await mustBeWrittenByUs(path);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const file = parseJson(TrustFile, text, FILE_BYTES, 3009);
  if (file.workspace !== workspace) throw new HoldfastError(3009, { reason: 'trust-damaged' });
  return { trust: trustFrom(file.rootBundle, file.history, file.revocations), workspaceStatement: file.workspaceStatement };
}

/**
 * Trust from our own owner-only files or from the host: its content was verified before, so it is its own
 * pin. Throws 3009 when it is inconsistent.
 */
export function trustFrom(signedBundle: SignedRootBundle, history: readonly SignedRootBundle[], listToken: string | undefined): Trust {
  const accepted = acceptPinnedBundle(nodeCrypto, signedBundle, nodeCrypto.sha256(signedBundle.payload));
  if (!accepted.ok) throw new HoldfastError(3009, { reason: 'trust-damaged' });
  const trust: Trust = { bundle: accepted.value, signedBundle, history };
  if (listToken === undefined) return trust;
  const list = judgeRevocationList(nodeCrypto, trust.bundle, listToken);
  return list.ok ? { ...trust, list: list.value, listToken } : trust;
}
