import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { leaseBuilder } from '#core/lease/build';
import { hear } from '#core/trust/trust';
import { nodeDisk } from '#runtime/files/disk';
import { nodeCrypto } from '#runtime/jose/primitives';
import { componentSigner, newEd25519, newId, newP256, publicHalf } from '#runtime/jose/sign';
import { ownMark } from '../../../native-host/process-mark.ts';
import { withLock } from '../../../native-host/vault/lock.ts';
import { openVault, type Vault } from '../../../native-host/vault/vault.ts';
import { seal } from '../../seal.ts';
import { DAY, MARA, NOW, newWorld, signBundle, TENANT } from '../../vectors/world.ts';
import { keyOf, OWNER, openDevice, saveLeases, type TestDevice } from '../device.ts';

const world = newWorld();
const IDS = ['ledger', 'atlas', 'mail', 'plan', 'desk', 'shell'];
const resources = IDS.map((id) => ({ resource: { ...world.leasable.resource, id, name: id } }));
let device: TestDevice;
let vault: Vault;
beforeEach(async () => {
  await device?.end();
  device = await openDevice();
  vault = await saveLeases(device, world, resources);
});
after(() => device.end());

const states = async () => {
  const known = await device.host.trustFor(OWNER, false);
  assert.ok(known !== undefined);
  return (await vault.states(known.trust, device.host.clock.now(OWNER.workspace))).map(({ state }) => [
    state.resource.id,
    state.state,
    state.code,
  ]);
};
const valid = IDS.map((id) => [id, 'valid', undefined]);
const entryOf = async (resource: string) => {
  const manifest = await vault.manifest();
  const entry = manifest.ok ? manifest.value.leases.find((lease) => lease.resource.id === resource) : undefined;
  assert.ok(entry !== undefined);
  return entry;
};

test('B-N3b six resources make eighteen files, equal contents once', async () => {
  const { enc, jkt } = await keyOf(vault);
  const build = leaseBuilder(
    { tenant: TENANT, workspace: OWNER.workspace, user: MARA, device: { jkt, enc }, iat: NOW, leaseSeconds: DAY },
    { crypto: nodeCrypto, signer: world.issuer, seal, newId, locationKeys: () => [publicHalf(newP256())] },
  );
  const manifest = await vault.manifest();
  assert.ok(manifest.ok);
  const leases = resources.map((change) => {
    const { lease, resource, files: contents } = build({ ...world.leasable, ...change });
    return { lease, resource, ...contents };
  });
  await vault.commit(manifest.value, leases);
  const files = await readdir(join(vault.folder, 'leases'));
  assert.equal(files.length, 18);
  const inodes = await Promise.all(files.map(async (name) => (await stat(join(vault.folder, 'leases', name))).ino));
  assert.equal(new Set(inodes).size, 6 + 1 + 1);
  assert.deepEqual(await states(), valid);
});

test('B-N2b everything in the vault is for its owner only, and names tell nothing', async () => {
  const paths = [
    vault.folder,
    join(vault.folder, 'leases'),
    ...(await readdir(join(vault.folder, 'leases'))).map((name) => join(vault.folder, 'leases', name)),
  ];
  for (const path of [...paths, join(vault.folder, 'manifest.json'), join(vault.folder, 'device.json')]) {
    assert.equal((await stat(path)).mode & 0o077, 0, path);
    assert.doesNotMatch(path, /mara|contoso|ledger/u);
  }
});

test('a new set replaces the old one as a whole', async () => {
  await saveLeases(device, world, resources.slice(0, 2));
  assert.deepEqual(await states(), valid.slice(0, 2));
  assert.equal((await readdir(join(vault.folder, 'leases'))).length, 6);
});

test('a flipped bit in any file of a lease is 3007 for that lease alone', async () => {
  for (const kind of ['metadata', 'common', 'location'] as const) {
    // A file of its own: shared contents would hit all leases at once.
    await saveLeases(
      device,
      world,
      resources.map((resource, n) => ({ ...resource, deliveryGroup: `group-${n}` })),
    );
    const entry = await entryOf('mail');
    const path = join(vault.folder, 'leases', entry[kind]);
    const bytes = await readFile(path);
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 4;
    await writeFile(path, bytes);
    assert.deepEqual(
      await states(),
      valid.map((row) => (row[0] === 'mail' ? ['mail', 'invalid', 3007] : row)),
      kind,
    );
  }
});

test('half a file and a missing file end one lease, not the rest', async () => {
  const [atlas, plan] = [await entryOf('atlas'), await entryOf('plan')];
  const path = join(vault.folder, 'leases', atlas.metadata);
  await writeFile(path, (await readFile(path)).subarray(0, 100));
  await rm(join(vault.folder, 'leases', plan.metadata));
  assert.deepEqual(
    await states(),
    valid.map((row) => (row[0] === 'atlas' ? ['atlas', 'invalid', 3007] : row[0] === 'plan' ? ['plan', 'invalid', 3002] : row)),
  );
});

test('a manifest that is cut short is 3002, and the next sync mends it', async () => {
  const path = join(vault.folder, 'manifest.json');
  await writeFile(path, (await readFile(path)).subarray(0, 500));
  const found = await vault.find({ feed: 'apps', id: 'ledger' });
  assert.deepEqual([found.ok, !found.ok && found.why], [false, 3002]);
  await saveLeases(device, world, resources);
  assert.deepEqual(await states(), valid);
});

test('a manifest cannot point out of its folder', async () => {
  const path = join(vault.folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  manifest.leases[0].metadata = '../../config.json';
  await writeFile(path, JSON.stringify(manifest));
  assert.deepEqual((await states())[0], ['ledger', 'invalid', 3002]);
});

test('an ended lease and a blocked device are said with their codes, without a sync', async () => {
  device.clock.ms += 8 * DAY * 1_000;
  assert.deepEqual(
    await states(),
    IDS.map((id) => [id, 'expired', 3006]),
  );
  device.clock.ms = NOW * 1_000;
  await saveLeases(device, world, resources.slice(0, 1), [
    { target: { kind: 'user', subject: OWNER.subject }, from: NOW - 5, until: NOW + DAY, forget: NOW + 9 * DAY },
  ]);
  assert.deepEqual(await states(), [['ledger', 'denied', 3022]]);
});

test('a lease whose issuer the next root of trust no longer names is not called valid', async () => {
  assert.deepEqual(await states(), valid);
  const roles = { ...world.bundle.roles, issuer: [componentSigner(newEd25519()).publicKey] };
  const next = signBundle({ ...world.bundle, version: 2, roles }, world.roots.slice(0, 2));
  const trust = hear(nodeCrypto, world.trustWith(), { rootBundles: [next] }, NOW);
  assert.deepEqual(
    (await vault.states(trust, NOW)).map(({ state }) => [state.state, state.code]),
    IDS.map(() => ['invalid', 3007]),
  );
});

test('B-N2d leases that are copied to another device are useless there', async () => {
  const other = await openDevice();
  try {
    const theirs = await other.host.vaultOf(OWNER);
    await theirs.key();
    await mkdir(join(theirs.folder, 'leases'), { mode: 0o700 });
    for (const name of await readdir(join(vault.folder, 'leases'))) {
      await writeFile(join(theirs.folder, 'leases', name), await readFile(join(vault.folder, 'leases', name)));
    }
    await writeFile(join(theirs.folder, 'manifest.json'), await readFile(join(vault.folder, 'manifest.json')));
    const known = await other.host.trustFor(OWNER, false);
    assert.ok(known !== undefined);
    const found = await theirs.states(known.trust, NOW);
    assert.deepEqual(new Set(found.map(({ state }) => state.code)), new Set([3002]));
  } finally {
    await other.end();
  }
});

test('a folder that others may enter is refused, never used', async () => {
  await chmod(vault.folder, 0o755);
  await assert.rejects(openVault(device.home, OWNER, nodeDisk), { code: 'unsafe_folder' });
  await chmod(vault.folder, 0o700);
  await chmod(join(vault.folder, 'device.json'), 0o644);
  await assert.rejects((await openVault(device.home, OWNER, nodeDisk)).key(), { code: 'unsafe_folder' });
});

test('a damaged device key is 3002 and is not written over', async () => {
  const path = join(vault.folder, 'device.json');
  await writeFile(path, '{"v":1}');
  await assert.rejects((await openVault(device.home, OWNER, nodeDisk)).key(), { code: 3002 });
  assert.equal(await readFile(path, 'utf8'), '{"v":1}');
});

test('sign-out deletes the leases when the site says so, and only then; the keys stay', async () => {
  const key = (await vault.key()).publicJwk();
  assert.equal(await vault.removeLeases(), 6);
  assert.deepEqual(await readdir(vault.folder), ['device.json']);
  assert.deepEqual((await vault.key()).publicJwk(), key);
  const found = await vault.find({ feed: 'apps', id: 'ledger' });
  assert.equal(!found.ok && found.why, 3000);
});

test('one writer at a time; a lock whose process is gone is taken over', async () => {
  await withLock(vault.folder, async () => {
    await assert.rejects(
      withLock(vault.folder, async () => {}),
      { code: 'conflict' },
    );
  });
  const lock = join(vault.folder, 'lock');
  const mark = await ownMark();
  for (const gone of [
    { ...mark, pid: 999_999_999 },
    { ...mark, started: '1' },
    { ...mark, boot: 'an earlier one' },
  ]) {
    await writeFile(lock, JSON.stringify(gone));
    assert.equal(await withLock(vault.folder, async () => 'mine'), 'mine');
  }
  assert.deepEqual(
    (await readdir(vault.folder)).filter((name) => name.startsWith('lock')),
    [],
  );
});

test('a lock of another machine that shares the folder is left alone, until it is older than any writing takes', async () => {
  const lock = join(vault.folder, 'lock');
  const mine = () => withLock(vault.folder, async () => 'mine');
  const mark = await ownMark();
  for (const elsewhere of [
    { ...mark, host: 'another-machine', boot: 'another' },
    { ...mark, space: 'pid:[1]' },
  ]) {
    await writeFile(lock, JSON.stringify(elsewhere));
    await assert.rejects(mine(), { code: 'conflict' });
    const long = Date.now() / 1_000 - 3_600;
    await utimes(lock, long, long);
    assert.equal(await mine(), 'mine');
  }
});
