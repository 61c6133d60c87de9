/**
 * The device's two keys in an owner-only file: available on every device. Written once and never replaced: the leases on this device
 * are sealed to it.
 */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes, sign } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '#protocol/errors';
import type { P256PrivateJwk } from '#protocol/jose';
import { parseJson } from '#protocol/parse';
import { DeviceKeyFile } from '#protocol/vault';
import { nodeDisk } from '#runtime/files/disk';
import { readIfThere, writePrivateFile } from '#runtime/files/private';
import { type DeviceKey, newP256, publicHalf } from '#runtime/jose/sign';

const FILE = 'device.json';
const FILE_BYTES = 4_096;

export const fileKeys = { find: findFileKey, open: openFileKey };

/** Throws `unsafe_folder`, or 3002 when the file is damaged. */
async function findFileKey(folder: string): Promise<DeviceKey | undefined> {
  const path = join(folder, FILE);
  const isPrivate = await nodeDisk.isPrivate(path);
  if (isPrivate === undefined) return undefined;
  if (!isPrivate) throw new HoldfastError('unsafe_folder', { reason: 'key-open', path });
  const text = await readIfThere(path);
  return text === undefined ? undefined : deviceKeyOf(parseJson(DeviceKeyFile, text, FILE_BYTES, 3002));
}

async function openFileKey(folder: string): Promise<DeviceKey> {
  const held = await findFileKey(folder);
  if (held !== undefined) return held;
  const made: DeviceKeyFile = { v: 1, sign: newP256(), enc: newP256() };
  // A name of its own: what is linked into place is what this call returns.
  const temporary = join(folder, `${FILE}.${randomBytes(6).toString('hex')}.new`);
  await writePrivateFile(temporary, JSON.stringify(made));
  try {
    // When two processes find none at the same time, the first pair wins.
    await link(temporary, join(folder, FILE));
    await nodeDisk.flushFolder(folder);
    return deviceKeyOf(made);
  } catch (error) {
    const other = await findFileKey(folder);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(temporary, { force: true });
  }
}

function deviceKeyOf(file: DeviceKeyFile): DeviceKey {
  const signKey = privateKey(file.sign);
  const encKey = privateKey(file.enc);
  const publicKeys = { sign: publicHalf(file.sign), enc: publicHalf(file.enc) };
  return {
    sign: (bytes) => sign('sha256', bytes, { key: signKey, dsaEncoding: 'ieee-p1363' }),
    deriveECDH: (point) => diffieHellman({ privateKey: encKey, publicKey: createPublicKey({ key: { ...point }, format: 'jwk' }) }),
    publicJwk: () => publicKeys,
  };
}

function privateKey(jwk: P256PrivateJwk): KeyObject {
  try {
    return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch (cause) {
    throw new HoldfastError(3002, { reason: 'key-damaged' }, { cause });
  }
}
