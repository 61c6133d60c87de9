/** `holdfast root rotate`: version N+1 of the root bundle, signed by the thresholds of N and N+1. */
import { join, resolve } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import { FOLDER } from '../../../services/root-of-trust/ceremony-folder.ts';
import { ROTATED_ROLES, type RotatedRole, rotate } from '../../../services/root-of-trust/rotate.ts';
import { bundleWords, reportBundle } from './bundle-words.ts';

export interface RotateFlags {
  readonly role?: readonly string[];
  readonly rootKeys?: boolean;
  readonly retire?: readonly string[];
  readonly json?: boolean;
}

export async function rotateRoot(folder: string, { role = [], rootKeys = false, retire = [], json }: RotateFlags): Promise<void> {
  const dir = resolve(folder);
  const roles = role.map(roleNamed);
  const report = reportBundle(await rotate({ dir, rootKeys, roles, retire }));
  if (json === true) return void process.stdout.write(`${JSON.stringify({ folder: dir, ...report })}\n`);
  const next = [
    'The running root of trust takes it in when it is next asked; everybody else hears of it from there.',
    roles.includes('issuer') ? `Carry ${join(dir, FOLDER.issuer)} to the lease issuer (\`issuerKey\`) and restart it.` : [],
    roles.length > 0 ? 'The older role keys stay good until you retire them: --retire THUMBPRINT.' : [],
    rootKeys
      ? `The new root keys are in ${join(dir, FOLDER.offline)}: take each to another person and place, and destroy every copy of the old ones.`
      : `Take the root keys out of ${join(dir, FOLDER.offline)} again.`,
  ].flat();
  process.stdout.write(`${bundleWords(report)}\n${next.join('\n')}\n`);
}

function roleNamed(name: string): RotatedRole {
  const role = ROTATED_ROLES.find((one) => one === name);
  if (role !== undefined) return role;
  throw new HoldfastError('bad_request', { reason: 'no-choice', option: '--role', known: ROTATED_ROLES.join(', '), found: name });
}
