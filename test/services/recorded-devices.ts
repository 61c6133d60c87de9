/** Puts devices on a Workspace's record, as its portal's registrations would. */
import type { Database } from '#protocol/service-config';
import { deviceSeen, type PersonDevice } from '../../services/workspace/devices.ts';
import { openStore } from '../../services/workspace/store.ts';
import { testLog } from '../log.ts';

/** Each as last seen when it was first seen. */
export async function recordDevices(database: Database, devices: readonly Omit<PersonDevice, 'lastSeen'>[]): Promise<void> {
  const store = await openStore(database, testLog('workspace'));
  for (const device of devices) await deviceSeen(store, device, device, devices.length, device.firstSeen);
  await store.close();
}
