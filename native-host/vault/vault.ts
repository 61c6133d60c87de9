/** One owner's part of the vault: keys, manifest, leases. Judgements are cached until the next commit. */
import { join } from 'node:path';
import { isSameResource, resourceKey, resourceRef } from '#core/access/resource-key';
import type { Unseal } from '#core/crypto';
import { type HeldLease, judgeHeldLease } from '#core/lease/judge-held';
import { findRevocation } from '#core/trust/revocation';
import type { Trust } from '#core/trust/trust';
import { fail, type Verdict } from '#core/verdict';
import type { LaunchCode } from '#protocol/errors';
import type { LeaseState } from '#protocol/host';
import type { LeaseFiles } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import type { VaultManifest } from '#protocol/vault';
import type { Disk } from '#runtime/files/disk';
import { ensurePrivateFolder } from '#runtime/files/private';
import { nodeCrypto, sha256 } from '#runtime/jose/primitives';
import { unsealer } from '#runtime/jose/seal';
import { type DeviceKey, deviceSigner } from '#runtime/jose/sign';
import { findDeviceKey, openDeviceKey } from '../device-key/open.ts';
import { withLock } from './lock.ts';
import { folderNameOf, type Owner } from './names.ts';
import { type ManifestLease, readLeaseFiles, readManifest } from './read.ts';
import { commitLeases, type ManifestHead, type NewLease } from './write.ts';

/** A lease with everything an exchange needs. */
export interface OpenedLease extends HeldLease {
  readonly files: LeaseFiles;
}

export interface Vault {
  readonly owner: Owner;
  readonly folder: string;
  /** creates the pair if missing */
  key(): Promise<DeviceKey>;
  manifest(): Promise<Verdict<VaultManifest, 3000 | 3002>>;
  /** The files of a resource's lease: 3000 nothing is kept at all, 3002 not of this resource or unreadable. */
  find(resource: ResourceRef): Promise<Verdict<{ readonly entry: ManifestLease; readonly files: LeaseFiles }, LaunchCode>>;
  /** Judges the files by the given trust and time (seconds). */
  check(files: LeaseFiles, trust: Trust, now: number): Promise<Verdict<OpenedLease, LaunchCode>>;
  /** The state of each lease, in the manifest's order. */
  states(trust: Trust, now: number): Promise<readonly HeldState[]>;
  commit(head: Omit<ManifestHead, 'workspace' | 'subject' | 'generation'>, leases: readonly NewLease[]): Promise<VaultManifest>;
  /** Removes the leases; the device's keys stay. Returns their number. */
  removeLeases(): Promise<number>;
}

export interface HeldState {
  readonly entry: ManifestLease;
  readonly state: LeaseState;
  /** absent where the lease can't be opened */
  readonly held?: HeldLease;
}

export async function openVault(home: string, owner: Owner, disk: Disk): Promise<Vault> {
  const folder = join(home, folderNameOf(owner));
  await ensurePrivateFolder(folder);
  let judged:
    | { readonly generation: number; readonly leases: ReadonlyMap<string, Verdict<HeldLease, LaunchCode>>; readonly trust: Trust }
    | undefined;

  /** Read once: it is never written over another one. */
  let held: { readonly key: DeviceKey; readonly unseal: Unseal; readonly jkt: string } | undefined;
  const hold = (key: DeviceKey) => {
    held ??= { key, unseal: unsealer(key.publicJwk().enc, (point) => key.deriveECDH(point)), jkt: deviceSigner(key).kid };
    return held;
  };
  const reader = async () => {
    if (held !== undefined) return held;
    const key = await findDeviceKey(folder);
    return key === undefined ? undefined : hold(key);
  };

  const judge = async (files: LeaseFiles, trust: Trust, now: number): Promise<Verdict<OpenedLease, LaunchCode>> => {
    const reading = await reader();
    if (reading === undefined) return fail(3002, { reason: 'key-gone' });
    const verdict = judgeHeldLease(nodeCrypto, trust, reading.unseal, files, { ...owner, jkt: reading.jkt }, now);
    return verdict.ok ? { ok: true, value: { ...verdict.value, files } } : verdict;
  };

  const vault: Vault = {
    owner,
    folder,
    key: async () => (held ?? hold(await openDeviceKey(folder))).key,
    manifest: () => readManifest(disk, folder, owner),
    async find(resource) {
      const manifest = await vault.manifest();
      if (!manifest.ok) return manifest;
      const entry = manifest.value.leases.find((lease) => isSameResource(lease.resource, resource));
      if (entry === undefined)
        return manifest.value.leases.length === 0 ? fail(3000, { reason: 'no-lease' }) : fail(3002, { reason: 'no-lease' });
      const files = await readLeaseFiles(disk, folder, entry, sha256);
      return files.ok ? { ok: true, value: { entry, files: files.value } } : files;
    },
    check: judge,
    async states(trust, now) {
      const manifest = await vault.manifest();
      if (!manifest.ok) return [];
      const { generation, leases: entries } = manifest.value;
      if (judged?.generation !== generation || judged.trust.bundle !== trust.bundle) {
        // Judged as of time 0: expiry is checked on every call below.
        const leases = new Map<string, Verdict<HeldLease, LaunchCode>>();
        for (const entry of entries) {
          const files = await readLeaseFiles(disk, folder, entry, sha256);
          leases.set(entry.lease, files.ok ? await judge(files.value, trust, 0) : files);
        }
        judged = { generation, leases, trust };
      }
      const verdicts = judged.leases;
      // What was judged long ago may be gone since.
      const there = new Set(await disk.list(join(folder, 'leases')));
      const isThere = ({ metadata, common, location }: ManifestLease) => [metadata, common, location].every((name) => there.has(name));
      return entries.map((entry) => {
        const verdict = isThere(entry) ? verdicts.get(entry.lease) : fail(3002, { reason: 'file-missing' });
        return stateOf(entry, verdict ?? fail(3002), trust, now);
      });
    },
    commit: (head, leases) =>
      withLock(folder, async () => {
        const before = await vault.manifest();
        const generation = before.ok ? before.value.generation + 1 : 1;
        judged = undefined;
        return commitLeases(disk, folder, { ...head, workspace: owner.workspace, subject: owner.subject, generation }, leases);
      }),
    removeLeases: () =>
      withLock(folder, async () => {
        const before = await vault.manifest();
        judged = undefined;
        // The manifest first: without it the other files do not count.
        await disk.remove(join(folder, 'manifest.json'));
        await disk.flushFolder(folder);
        await disk.remove(join(folder, 'leases'));
        await disk.remove(join(folder, 'sync.json'));
        return before.ok ? before.value.leases.length : 0;
      }),
  };
  return vault;
}

function stateOf(entry: ManifestLease, verdict: Verdict<HeldLease, LaunchCode>, trust: Trust, now: number): HeldState {
  if (!verdict.ok) {
    const unknown = { name: resourceKey(entry.resource), kind: 'app', protocol: 'ssh', iat: 0, exp: 0, locations: [] } as const;
    return {
      entry,
      state: { ...unknown, locations: [], lease: entry.lease, resource: entry.resource, state: 'invalid', code: verdict.why },
    };
  }
  const { metadata } = verdict.value;
  const common = {
    lease: metadata.lease,
    resource: resourceRef(metadata.resource),
    name: metadata.resource.name,
    kind: metadata.resource.kind,
    protocol: metadata.resource.protocol,
    iat: metadata.iat,
    exp: metadata.exp,
    locations: metadata.locations.map(({ id }) => id),
  };
  const bearer = { subject: metadata.sub, jkt: metadata.cnf.jkt, lease: metadata.lease, authorizedAt: metadata.iat };
  const held = verdict.value;
  if (metadata.exp < now) return { entry, held, state: { ...common, state: 'expired', code: 3006 } };
  if (trust.list !== undefined && findRevocation(trust.list, bearer, now) !== undefined)
    return { entry, held, state: { ...common, state: 'denied', code: 3022 } };
  return { entry, held, state: { ...common, state: 'valid' } };
}
