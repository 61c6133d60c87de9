/** The native messaging manifest, and whether an existing one is ours to change. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { NATIVE_HOST_NAME } from '#protocol/host';
import { wrapperName } from './wrapper.ts';

const Manifest = v.object({
  name: v.literal(NATIVE_HOST_NAME),
  description: v.string(),
  path: v.string(),
  type: v.literal('stdio'),
  allowed_origins: v.array(v.string()),
});
export type Manifest = v.InferOutput<typeof Manifest>;

export function manifestFor(path: string, extensions: readonly string[]): Manifest {
  return {
    name: NATIVE_HOST_NAME,
    description: 'Holdfast: opens sessions and keeps saved access',
    path,
    type: 'stdio',
    allowed_origins: extensions.map((id) => `chrome-extension://${id}/`),
  };
}

/** The existing manifest; undefined when there is none or it is not this host's. */
export async function readManifestFile(path: string): Promise<Manifest | undefined> {
  try {
    const parsed = v.safeParse(Manifest, JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Throws `conflict` when the file belongs to another user or names a program other than our wrapper. */
export async function ensureOurs(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const manifest = await readManifestFile(path);
  const ownProgram = manifest !== undefined && basename(manifest.path) === wrapperName(process.platform);
  const ownFile = process.platform === 'win32' || found.uid === process.getuid?.();
  if (!ownProgram || !ownFile) throw new HoldfastError('conflict', { reason: 'foreign-file', path });
}
