/** The native host for the browser of `up`: its own folder in the data folder, and a manifest in the browser's profile only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { parseJson } from '#protocol/parse';
import { extensionId } from '../../extension/id.ts';
import { install } from '../../native-host/install/install.ts';

export interface NativeHostInstall {
  /** folder of the built extension */
  readonly extension: string;
  readonly profile: string;
  /** the host's folder */
  readonly home: string;
  readonly workspace: { readonly url: string; readonly name: string; readonly rootPin: string };
}

const Manifest = v.object({ key: v.string() });
const MANIFEST_BYTES = 65_536;

/** Path of the manifest. Written anew at each start: the project may have moved. */
export async function installNativeHost({ extension, profile, home, workspace }: NativeHostInstall): Promise<string> {
  const id = await extensionId(manifestKey(extension));
  const { done } = await install({ home, profile, workspace, extensions: [id], scope: 'user' });
  const [place] = done;
  if (place === undefined) throw new HoldfastError('internal', { reason: 'host-not-installed' });
  return place.manifest;
}

/** The extension's id follows from the key in its built manifest. */
function manifestKey(folder: string): string {
  let text: string;
  try {
    text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  } catch (cause) {
    throw new HoldfastError('internal', { reason: 'extension-not-built' }, { cause });
  }
  return parseJson(Manifest, text, MANIFEST_BYTES, 'internal').key;
}
