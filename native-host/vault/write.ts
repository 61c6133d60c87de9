/**
 * Puts a whole set of leases on disk, all or nothing (B-N3). The order guarantees it:
 *   1. each distinct content once: written under a temporary name, flushed, renamed (names of the old set are untouched)
 *   2. hard links for contents that several resources share
 *   3. the folder flushed
 *   4. the manifest: temporary name, flushed, renamed, flushed. Before this rename the old set is valid, after it the new one
 *   5. files not in the manifest removed
 * Killed at any point, step 5 of the next commit sweeps what was left.
 */
import { join } from 'node:path';
import type { ResourceRef } from '#protocol/primitives';
import type { VaultManifest } from '#protocol/vault';
import type { Disk } from '#runtime/files/disk';
import { inParallel } from '#runtime/in-parallel';
import { sha256 } from '#runtime/jose/primitives';
import { type LeaseFileKind, leaseFileName } from './names.ts';

export interface NewLease {
  readonly lease: string;
  readonly resource: ResourceRef;
  /** contents of the three files */
  readonly metadata: string;
  readonly common: string;
  readonly location: string;
}

export type ManifestHead = Omit<VaultManifest, 'leases' | 'v'>;

const WIDTH = 32;

/** `folder` exists and is owner-only. Returns the new manifest. */
export async function commitLeases(disk: Disk, folder: string, head: ManifestHead, leases: readonly NewLease[]): Promise<VaultManifest> {
  const files = join(folder, 'leases');
  await disk.makeFolder(files);
  const digestOf = remember(sha256);
  const contents = new Map<string, { readonly content: string; readonly names: string[] }>();
  const place = (lease: NewLease, kind: LeaseFileKind): Placed => {
    const digest = digestOf(lease[kind]);
    const name = leaseFileName(lease.lease, kind, digest);
    const known = contents.get(digest);
    if (known === undefined) contents.set(digest, { content: lease[kind], names: [name] });
    else known.names.push(name);
    return { name, digest };
  };
  const entries = leases.map((lease) => {
    const [metadata, common, location] = [place(lease, 'metadata'), place(lease, 'common'), place(lease, 'location')];
    return {
      lease: lease.lease,
      resource: lease.resource,
      metadata: metadata.name,
      common: common.name,
      location: location.name,
      digests: { metadata: metadata.digest, common: common.digest, location: location.digest },
    };
  });

  await inParallel([...contents.values()], WIDTH, async ({ content, names: [first = '', ...others] }) => {
    const temporary = join(files, `${first}.tmp`);
    await disk.write(temporary, content);
    await disk.rename(temporary, join(files, first));
    for (const other of others) await disk.link(join(files, first), join(files, other));
  });
  await disk.flushFolder(files);

  const manifest: VaultManifest = { v: 1, ...head, leases: entries };
  await writeManifest(disk, folder, manifest);
  await sweep(disk, files, manifest);
  return manifest;
}

interface Placed {
  readonly name: string;
  readonly digest: string;
}

async function writeManifest(disk: Disk, folder: string, manifest: VaultManifest): Promise<void> {
  const temporary = join(folder, 'manifest.json.tmp');
  await disk.write(temporary, JSON.stringify(manifest));
  await disk.rename(temporary, join(folder, 'manifest.json'));
  await disk.flushFolder(folder);
}

/** Removes every file that the manifest does not name. */
async function sweep(disk: Disk, files: string, manifest: VaultManifest): Promise<void> {
  const named = new Set(manifest.leases.flatMap(({ metadata, common, location }) => [metadata, common, location]));
  const unnamed = (await disk.list(files)).filter((name) => !named.has(name));
  await inParallel(unnamed, WIDTH, (name) => disk.remove(join(files, name)));
}

function remember(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const value = known.get(text) ?? compute(text);
    known.set(text, value);
    return value;
  };
}
