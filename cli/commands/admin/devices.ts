/** `holdfast admin devices ...`: to which devices people's access is saved. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { Digest } from '#protocol/primitives';
import { forgetDevice, listDevices } from '../../../services/workspace/recorded-devices.ts';
import { addBlock } from '../../root-admin.ts';
import { utc } from '../../utc.ts';
import { DEFAULT_DATA } from '../up.ts';
import { rootOfTrust, type ServerFlags } from './server.ts';

export interface DeviceFlags extends ServerFlags {
  readonly config?: string;
}

export async function printDevices(flags: DeviceFlags & { user?: string }): Promise<void> {
  const devices = await listDevices(configOf(flags), flags.user);
  if (flags.json === true) return void process.stdout.write(`${JSON.stringify({ devices })}\n`);
  if (devices.length === 0) return void process.stdout.write(`${noDevices(flags.user)}\n`);
  for (const { jkt, upn, claimsHardware, firstSeen, lastSeen } of devices) {
    const claim = claimsHardware ? '  says its key is in hardware' : '';
    process.stdout.write(`${jkt}  ${upn}  first ${utc(firstSeen / 1_000)}  last ${utc(lastSeen / 1_000)}${claim}\n`);
  }
}

/** Blocks the device for as long as any lease on it can last, then takes it off the record. Throws `not_found`. */
export async function removeFromRecord(jkt: string, flags: DeviceFlags): Promise<void> {
  if (!v.is(Digest, jkt)) throw new HoldfastError('bad_request', { reason: 'no-device' });
  const config = configOf(flags);
  const root = await rootOfTrust(flags);
  const known = (await listDevices(config, undefined)).some((device) => device.jkt === jkt);
  if (!known) throw new HoldfastError('not_found', { reason: 'device', id: jkt });
  // It is on the Workspace's record, whether or not the root of trust was told.
  await addBlock(root, { target: { kind: 'device', jkt }, days: TIMES.leaseDaysMax, anyway: true });
  await forgetDevice(config, jkt);
  process.stdout.write(`Removed. Its saved access opens nothing any more, and none is made for it for ${TIMES.leaseDaysMax} days.\n`);
}

/** The record has devices only: a person without one and a misspelled name look alike there. */
function noDevices(user: string | undefined): string {
  if (user === undefined) return 'No devices.';
  return `No device of "${user}" is on record. Check the name: it is the person’s subject or user principal name.`;
}

function configOf({ config, data = DEFAULT_DATA }: DeviceFlags): string {
  return resolve(config ?? `${data}/config/workspace.yaml`);
}
