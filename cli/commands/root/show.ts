/** `holdfast root show`: what a root bundle says. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { FOLDER, type KeptBundle, listBundles, readBundle, readBundleFile } from '../../../services/root-of-trust/ceremony-folder.ts';
import { bundleWords, reportBundle } from './bundle-words.ts';

/** `path`: a bundle's file, the ceremony's folder, or a folder of bundles, of which the newest is shown. */
export async function showRoot(path: string, { json }: { readonly json?: boolean }): Promise<void> {
  const report = reportBundle(await bundleAt(path));
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : bundleWords(report));
}

async function bundleAt(path: string): Promise<KeptBundle> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return readBundleFile(path);
  for (const folder of [join(path, FOLDER.bundles), path]) {
    const newest = (await listBundles(folder)).at(-1);
    if (newest !== undefined) return readBundle(folder, newest);
  }
  throw new HoldfastError('bad_request', { reason: 'no-bundle', path });
}
