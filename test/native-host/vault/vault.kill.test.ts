import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { describe } from 'node:test';
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
/** Which moments are hit, and in which order: `SEED=...` hits the same ones again. */
const SEED = Number(process.env['SEED'] ?? randomInt(1, 2_147_483_647));

/** From 0 up to 1, the same numbers for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Each operation once, in an order of chance, and so on. */
function* everyOperation(chance: () => number): Generator<number, never> {
  for (;;) {
    const left = Array.from({ length: OPERATIONS }, (_, n) => n + 1);
    while (left.length > 0) yield* left.splice(Math.floor(chance() * left.length), 1);
  }
}

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

/** Gives how long it went on after it had begun, ms. */
async function commitAndDie({ home, sets }: Prepared, which: number, after: number, killMs?: number): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, home, sets, `${after}`, `${which}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(home, 'code') },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let begun = 0;
  child.stdout.once('data', () => {
    begun = performance.now();
    if (killMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killMs);
  });
  await ended;
  return performance.now() - begun;
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function killed(times: number, once: (run: Prepared, which: number) => Promise<unknown>): Promise<void> {
  const run = await prepare();
  let made = 0;
  try {
    for (let n = 0, held = 0; n < times; n += 1) {
      const before = held;
      await once(run, 1 - before);
      held = await wholeSet(run.vault, run.leases);
      if (held !== before) made += 1;
    }
    assert.ok(made > 0 && made < times, `of ${times} commits ${made} made it: some have to, and some not`);
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

describe('B-N3c a sync is all or nothing, whatever is killed when', () => {
  /** Two at a time: the machine has two cores, and each has a vault of its own. */
  test('killed after any operation on the disk, a sync leaves the old or the new set', async (t) => {
    t.diagnostic(`SEED=${SEED}`);
    const half = (seed: number) => {
      const operations = everyOperation(chanceOf(seed));
      return killed(BY_COUNT / 2, (run, which) => commitAndDie(run, which, operations.next().value));
    };
    await Promise.all([half(SEED), half(SEED + 1)]);
  });

  test('killed at any moment, a sync leaves the old or the new set', async (t) => {
    t.diagnostic(`SEED=${SEED}`);
    const half = (seed: number) => {
      const chance = chanceOf(seed);
      // The first goes its whole way and says how long that is, the second is killed at its beginning.
      let whole: number | undefined;
      const moments = [0];
      return killed(BY_TIME / 2, async (run, which) => {
        if (whole === undefined) whole = await commitAndDie(run, which, 0);
        else await commitAndDie(run, which, 0, moments.pop() ?? chance() * whole);
      });
    };
    await Promise.all([half(SEED), half(SEED + 1)]);
  });
});
