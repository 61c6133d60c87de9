import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { nodeDisk } from '#runtime/files/disk';
import { sha256 } from '#runtime/jose/primitives';
import { readLeaseFiles } from '../../../native-host/vault/read.ts';
import { openVault, type Vault } from '../../../native-host/vault/vault.ts';
import { MARA, NOW, newWorld } from '../../vectors/world.ts';
import { keyOf, newHome, OWNER } from '../device.ts';

const CHILD = join(import.meta.dirname, 'committing-child.ts');
const RESOURCES = ['ledger', 'atlas', 'mail', 'plan', 'desk', 'shell'];
/** A commit of six leases has about 50 operations on the disk; beyond that a child ends by itself. */
const OPERATIONS = 56;
const BY_COUNT = 160;
const BY_TIME = 40;

async function prepare() {
  const home = await newHome();
  const world = newWorld();
  const vault = await openVault(home, OWNER, nodeDisk);
  const device = await keyOf(vault);
  const leases = ['old', 'new'].map((kind) =>
    RESOURCES.map((id) => {
      const built = world.leaseFor(device, { resource: { ...world.leasable.resource, id, name: `${kind} ${id}` } });
      return { lease: built.lease, resource: built.resource, ...built.files };
    }),
  );
  const head = {
    userName: MARA.name,
    syncedAt: NOW * 1_000,
    rootBundle: world.signedBundle,
    revocations: world.listToken(),
    workspaceStatement: world.component('workspace', 'workspace-1').statement,
    deleteOnSignOut: true,
  };
  const sets = join(home, 'sets.json');
  await writeFile(sets, JSON.stringify({ owner: OWNER, head, leases }));
  await vault.commit(head, leases[0] ?? []);
  return { home, vault, sets, head, leases };
}

/** One whole set is there, every file of it good; gives which of the two. */
async function wholeSet(vault: Vault, sets: readonly (readonly { lease: string }[])[]): Promise<number> {
  const manifest = await vault.manifest();
  assert.ok(manifest.ok, 'the manifest is there and whole');
  const held = manifest.value.leases.map(({ lease }) => lease);
  const which = sets.findIndex((set) => set.map(({ lease }) => lease).join() === held.join());
  assert.ok(which >= 0, 'old or new set, never mixed, never empty');
  for (const entry of manifest.value.leases)
    assert.ok((await readLeaseFiles(nodeDisk, vault.folder, entry, sha256)).ok, 'its files are good');
  return which;
}

async function commitAndDie(home: string, sets: string, after: number, which: number, killMs?: number): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, home, sets, `${after}`, `${which}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(home, 'code') },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (killMs !== undefined) {
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), killMs));
  }
  await ended;
}

async function killed(
  times: number,
  ends: 1 | 2,
  once: (run: Awaited<ReturnType<typeof prepare>>, which: number) => Promise<void>,
): Promise<void> {
  const run = await prepare();
  const seen = new Set<number>();
  try {
    let which = 0;
    for (let n = 0; n < times; n += 1) {
      await once(run, 1 - which);
      which = await wholeSet(run.vault, run.leases);
      seen.add(which);
    }
    assert.ok(seen.size >= ends, 'some commits made it, some did not');
    await run.vault.commit(run.head, run.leases[0] ?? []);
    assert.equal(
      (await readdir(join(run.vault.folder, 'leases'))).length,
      3 * RESOURCES.length,
      'what was left is swept by the next commit',
    );
  } finally {
    await rm(run.home, { recursive: true, force: true });
  }
}

/** Two at a time: the machine has two cores, and each has a vault of its own. */
test('B-N3 killed after any operation on the disk, a sync leaves the old or the new set', async () => {
  const half = () => killed(BY_COUNT / 2, 2, ({ home, sets }, which) => commitAndDie(home, sets, randomInt(1, OPERATIONS), which));
  await Promise.all([half(), half()]);
});

test('B-N3 killed at any moment, a sync leaves the old or the new set', async () => {
  const half = () => killed(BY_TIME / 2, 1, ({ home, sets }, which) => commitAndDie(home, sets, 0, which, randomInt(0, 60)));
  await Promise.all([half(), half()]);
});
