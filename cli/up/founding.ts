/** The root of trust's ceremony, held once for a data folder: root keys, role keys, root bundle version 1, and the two pins. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseJson } from '#protocol/parse';
import { Digest } from '#protocol/primitives';
import { holdCeremony } from '../../services/root-of-trust/ceremony.ts';
import type { DataDir } from './data-dir.ts';
import { TENANT } from './site.ts';

const Pins = v.object({ tlsPin: Digest, rootPin: Digest });
const PINS_BYTES = 4_096;

export interface Founding extends v.InferOutput<typeof Pins> {
  readonly roleKeys: { readonly trust: string; readonly revoker: string; readonly issuer: string; readonly bundles: string };
}

export async function holdCeremonyOnce(dir: DataDir): Promise<Founding> {
  const folder = dir.folder('data', 'root-of-trust');
  await holdCeremony({ dataDir: folder, tenant: TENANT });
  const pins = parseJson(Pins, readFileSync(join(folder, 'pins.json'), 'utf8'), PINS_BYTES, 'bad_config');
  return {
    ...pins,
    roleKeys: {
      trust: join(folder, 'trust.jwk.json'),
      revoker: join(folder, 'revoker.jwk.json'),
      issuer: join(folder, 'issuer.jwk.json'),
      bundles: join(folder, 'bundles'),
    },
  };
}
