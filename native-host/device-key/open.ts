/** The one opener of the device's keys. Each way to keep them is a file beside this one, and known to nobody else. */
import type { DeviceKey } from '#runtime/jose/sign';
import { fileKeys } from './file-key.ts';

/** A way to keep the two keys of an owner's folder. */
interface DeviceKeys {
  /** undefined when the folder has none */
  find(folder: string): Promise<DeviceKey | undefined>;
  /** makes them where there are none */
  open(folder: string): Promise<DeviceKey>;
}

const KEYS: DeviceKeys = fileKeys;

/** The keys of this owner's folder, or undefined when it has none. Throws `unsafe_folder`, or 3002 when they can't be read. */
export function findDeviceKey(folder: string): Promise<DeviceKey | undefined> {
  return KEYS.find(folder);
}

/** The keys of this owner's folder, made where there are none. Throws as `findDeviceKey` does. */
export function openDeviceKey(folder: string): Promise<DeviceKey> {
  return KEYS.open(folder);
}
