/** The native host for the browser of `up`: its own folder in the data folder, and a manifest in the browser's profile only. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { NATIVE_HOST_NAME } from '#protocol/host';
import { parseJson } from '#protocol/parse';
import type { HostConfig } from '#protocol/vault';
import { extensionId } from '../../extension/id.ts';

export interface NativeHostInstall {
  readonly projectDir: string;
  readonly profile: string;
  /** the host's folder, HOLDFAST_HOST_HOME */
  readonly home: string;
  readonly workspace: { readonly url: string; readonly name: string; readonly rootPin: string };
}

const Manifest = v.object({ key: v.string() });
const MANIFEST_BYTES = 65_536;

/** Path of the manifest. Written anew at each start: the project may have moved. */
export async function installNativeHost({ projectDir, profile, home, workspace }: NativeHostInstall): Promise<string> {
  const extension = await extensionId(manifestKey(join(projectDir, 'dist', 'extension')));
  const config: v.InferInput<typeof HostConfig> = { v: 1, workspaces: [workspace], extensions: [extension] };
  writeFileSync(join(home, 'config.json'), JSON.stringify(config, undefined, 2), { mode: 0o600 });
  const wrapper = join(home, 'holdfast-host');
  writeFileSync(wrapper, wrapperScript(home, join(projectDir, 'native-host', 'main.ts')), { mode: 0o700 });
  chmodSync(wrapper, 0o700);
  const folder = join(profile, 'NativeMessagingHosts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const manifest = join(folder, `${NATIVE_HOST_NAME}.json`);
  const content = {
    name: NATIVE_HOST_NAME,
    description: 'Holdfast: opens sessions and keeps saved access',
    path: wrapper,
    type: 'stdio',
    allowed_origins: [`chrome-extension://${extension}/`],
  };
  writeFileSync(manifest, JSON.stringify(content, undefined, 2));
  return manifest;
}

/** The id follows from the key in the built manifest. */
function manifestKey(folder: string): string {
  let text: string;
  try {
    text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  } catch (cause) {
    throw new HoldfastError('internal', 'The extension is not built; run npm run build.', { cause });
  }
  return parseJson(Manifest, text, MANIFEST_BYTES, 'internal').key;
}

function wrapperScript(home: string, main: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    '#!/bin/sh',
    `HOLDFAST_HOST_HOME=${quoted(home)}`,
    'export HOLDFAST_HOST_HOME',
    `exec ${quoted(process.execPath)} --disable-warning=ExperimentalWarning ${quoted(main)} "$@"`,
    '',
  ].join('\n');
}
