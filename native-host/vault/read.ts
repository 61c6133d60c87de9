/** Reads leases, only through the manifest. A damaged file fails its own lease and no other. */
import { join } from 'node:path';
import * as v from 'valibot';
import { fail, pass, type Verdict } from '#core/verdict';
import type { LaunchCode } from '#protocol/errors';
import type { LeaseFiles } from '#protocol/lease';
import { VaultManifest } from '#protocol/vault';
import type { Disk } from '#runtime/files/disk';
import { LEASE_FILE_NAME, type Owner } from './names.ts';

/** 3000: nothing was ever kept for this owner; 3002: what was kept can't be read. `unsafe`: it is open to others. */
export async function readManifest(disk: Disk, folder: string, owner: Owner): Promise<Verdict<VaultManifest, 3000 | 3002>> {
  const path = join(folder, 'manifest.json');
  const bytes = await disk.read(path);
  if (bytes === undefined) return fail(3000);
  const parsed = v.safeParse(VaultManifest, readJson(bytes));
  if (!parsed.success) return fail(3002, { reason: 'list-damaged' });
  const manifest = parsed.output;
  if (manifest.workspace !== owner.workspace || manifest.subject !== owner.subject) return fail(3002, { reason: 'other-owner' });
  return pass(manifest);
}

/** When these leases came, in milliseconds; 0 where there is no readable list, and so no lease. */
export async function syncedAt(disk: Disk, folder: string): Promise<number> {
  const bytes = await disk.read(join(folder, 'manifest.json'));
  const parsed = v.safeParse(VaultManifest, bytes === undefined ? undefined : readJson(bytes));
  return parsed.success ? parsed.output.syncedAt : 0;
}

export type ManifestLease = VaultManifest['leases'][number];

/** The three files of one lease. 3002: a file is missing; 3007: a file was altered. */
export async function readLeaseFiles(
  disk: Disk,
  folder: string,
  entry: ManifestLease,
  sha256: (bytes: Uint8Array) => string,
): Promise<Verdict<LeaseFiles, LaunchCode>> {
  const names = [entry.metadata, entry.common, entry.location];
  if (!names.every((name) => LEASE_FILE_NAME.test(name))) return fail(3002, { reason: 'list-damaged' });
  const [metadata, common, location] = await Promise.all(names.map((name) => disk.read(join(folder, 'leases', name))));
  if (metadata === undefined || common === undefined || location === undefined) return fail(3002, { reason: 'file-missing' });
  const same =
    sha256(metadata) === entry.digests.metadata && sha256(common) === entry.digests.common && sha256(location) === entry.digests.location;
  if (!same) return fail(3007, { reason: 'file-altered' });
  return pass({ metadata: metadata.toString(), common: common.toString(), location: location.toString() });
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
