/** `holdfast root init`: the ceremony, and where each of its files belongs. */
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { Id } from '#protocol/primitives';
import { holdCeremony, ROOT_KEYS, THRESHOLD } from '../../../services/root-of-trust/ceremony.ts';
import { FOLDER, readBundle } from '../../../services/root-of-trust/ceremony-folder.ts';
import { numberOption } from '../number-option.ts';
import { bundleWords, reportBundle } from './bundle-words.ts';

export interface InitFlags {
  readonly tenant: string;
  readonly keys?: string;
  readonly threshold?: string;
  readonly json?: boolean;
}

/** As many as a root bundle may name. */
const KEYS_MAX = 20;

export async function initRoot(folder: string, { tenant, keys, threshold, json }: InitFlags): Promise<void> {
  if (!v.safeParse(Id, tenant).success) throw new HoldfastError('bad_request', { reason: 'no-id', option: '--tenant', found: tenant });
  const rootKeys = numberOption('--keys', keys, ROOT_KEYS);
  if (rootKeys < 1 || rootKeys > KEYS_MAX)
    throw new HoldfastError('bad_request', { reason: 'out-of-range', option: '--keys', least: 1, most: KEYS_MAX });
  const wanted = numberOption('--threshold', threshold, Math.min(THRESHOLD, rootKeys));
  const dir = resolve(folder);
  const { pins } = await holdCeremony({ dir, tenant, rootKeys, threshold: wanted });
  const report = reportBundle(await readBundle(join(dir, FOLDER.bundles), 'root.1.json'));
  if (json === true) return void process.stdout.write(`${JSON.stringify({ folder: dir, ...report, ...pins })}\n`);
  process.stdout.write(`${bundleWords(report)}${'tls pin'.padEnd(11)}${pins.tlsPin}\n\n${keepingWords(dir, rootKeys, wanted)}`);
}

function keepingWords(dir: string, rootKeys: number, threshold: number): string {
  return `What to keep where, in ${dir}:
  ${FOLDER.offline}/      ${rootKeys} root keys. Take each to another person and place, off this machine. Any ${threshold} of them
                sign the next root bundle; whoever holds ${threshold} is the root.
  ${FOLDER.issuer}   the lease issuer's key. Carry it to that machine (\`issuerKey\`), then remove it here.
  the rest      stays here for the root of trust (\`keys\`). Back it up encrypted.
  ${FOLDER.pins}     the two pins above: every component is configured with them (\`rootOfTrust\`). They are no secret.
Rotate before the bundle expires: \`holdfast root rotate ${dir}\`.
`;
}
