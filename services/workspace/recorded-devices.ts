/** The Workspace's record of devices, for its administrator: by its configuration, in its database. */
import { dirname, resolve } from 'node:path';
import { type Database, WorkspaceConfig } from '#protocol/service-config';
import { openLog } from '#runtime/log/log';
import { readYamlFile } from '#runtime/service/yaml-file';
import { devicesOf, type PersonDevice, removeDevice } from './devices.ts';
import { openStore, type Store } from './store.ts';

/** `person`: a subject or user principal name; undefined: everybody's. Throws `bad_config`, `unavailable`. */
export function listDevices(file: string, person: string | undefined): Promise<readonly PersonDevice[]> {
  return withStore(file, (store) => devicesOf(store, person));
}

export function forgetDevice(file: string, jkt: string): Promise<void> {
  return withStore(file, (store) => removeDevice(store, jkt));
}

async function withStore<T>(file: string, work: (store: Store) => Promise<T>): Promise<T> {
  const { value: config } = readYamlFile(WorkspaceConfig, file);
  const database = beside(dirname(resolve(file)), config.database);
  const store = await openStore(database, openLog({ service: 'workspace', id: 'holdfast admin', level: 'warn' }));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Paths in a configuration are relative to its folder. */
function beside(folder: string, database: Database): Database {
  if (database.kind === 'sqlite') return { ...database, file: resolve(folder, database.file) };
  return 'file' in database.url ? { ...database, url: { file: resolve(folder, database.url.file) } } : database;
}
