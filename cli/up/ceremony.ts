/** The root of trust's ceremony, held once for a data folder: root keys, role keys, root bundle version 1, and the two pins. */
import { join } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { Digest } from '#protocol/primitives';
import { readIfThere } from '#runtime/files/private';
import { type CeremonyResult, holdCeremony, roleKeysIn } from '../../services/root-of-trust/ceremony.ts';
import { FOLDER } from '../../services/root-of-trust/ceremony-folder.ts';
import type { DataDir } from './data-dir.ts';
import { TENANT } from './site.ts';

const CEREMONY_FOLDER = 'ceremony';

const Pins = v.object({ tlsPin: Digest, rootPin: Digest });
const PINS_BYTES = 4_096;

/** The pins of a data folder in which the ceremony was held; `undefined` before. */
export async function readPins(dataDir: string): Promise<v.InferOutput<typeof Pins> | undefined> {
  const kept = await readIfThere(join(dataDir, CEREMONY_FOLDER, FOLDER.pins));
  return kept === undefined ? undefined : parseJson(Pins, kept, PINS_BYTES, 'bad_config');
}

export async function holdCeremonyOnce(dir: DataDir): Promise<CeremonyResult> {
  const folder = dir.folder(CEREMONY_FOLDER);
  const pins = await readPins(dir.path);
  if (pins === undefined) return holdCeremony({ dir: folder, tenant: TENANT });
  return { pins, roleKeys: roleKeysIn(folder) };
}

/** Where the root of trust's own TLS keys lie. */
export function rootKeysFolder(dir: DataDir): string {
  return dir.file(CEREMONY_FOLDER, FOLDER.own);
}
