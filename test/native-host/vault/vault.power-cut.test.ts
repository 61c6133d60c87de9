/** What a power cut leaves: of what was not flushed, any part may be on the disk, in any order. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, test } from 'node:test';
import { type Disk, nodeDisk } from '#runtime/files/disk';
import { openVault, type Vault } from '../../../native-host/vault/vault.ts';
import { MARA, NOW, newWorld } from '../../vectors/world.ts';
import { keyOf, newHome, OWNER } from '../device.ts';

/** The real disk, and the changes of names that it was told, in their order; a flush of the folder above is `flush`. */
const told: string[] = [];
const LEASE = /^[0-9a-f]{64}/u;
const nameOf = (path: string) => basename(path).replace(LEASE, 'lease');
const first = (tell: string, change: () => Promise<void>) => {
  told.push(tell);
  return change();
};
const disk: Disk = {
  ...nodeDisk,
  rename: (from, to) => first(`${nameOf(to)} appears`, () => nodeDisk.rename(from, to)),
  link: (from, to) => first(`${nameOf(to)} appears`, () => nodeDisk.link(from, to)),
  remove: (path) => first(`${nameOf(path)} goes`, () => nodeDisk.remove(path)),
  flushFolder: (path) => first(`flush of ${basename(path) === 'leases' ? 'the leases' : 'the folder'}`, () => nodeDisk.flushFolder(path)),
};

let home: string;
let vault: Vault;
before(async () => {
  home = await newHome();
  vault = await openVault(home, OWNER, disk);
});
after(() => rm(home, { recursive: true, force: true }));

async function commit(): Promise<void> {
  const world = newWorld();
  const device = await keyOf(vault);
  const leases = ['ledger', 'atlas'].map((id) => {
    const built = world.leaseFor(device, { resource: { ...world.leasable.resource, id } });
    return { lease: built.lease, resource: built.resource, ...built.files };
  });
  const head = {
    userName: MARA.name,
    syncedAt: NOW * 1_000,
    rootBundle: world.signedBundle,
    revocations: world.listToken(),
    workspaceStatement: world.component('workspace', 'workspace-1').statement,
    deleteOnSignOut: true,
  };
  await vault.commit(head, leases);
}

/** What was told, what repeats once. */
const steps = () => told.filter((step, at) => step !== told[at - 1]);

test('leases are on the disk before their list names them, and the new list before what it no longer names goes', async () => {
  await commit();
  told.length = 0;
  await commit();
  assert.deepEqual(steps(), ['lease appears', 'flush of the leases', 'manifest.json appears', 'flush of the folder', 'lease goes']);
});

test('the list is gone from the disk before its leases go', async () => {
  await commit();
  told.length = 0;
  await vault.removeLeases();
  assert.deepEqual(steps(), ['manifest.json goes', 'flush of the folder', 'leases goes', 'sync.json goes']);
});
