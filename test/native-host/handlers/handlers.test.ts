import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { deviceDigest } from '#core/lease/device-digest';
import { judgeProof } from '#core/lease/judge-proof';
import type { Reachability } from '#protocol/host';
import { nodeCrypto } from '#runtime/jose/primitives';
import { describeDevice } from '../../../native-host/handlers/describe-device.ts';
import { leases } from '../../../native-host/handlers/leases.ts';
import { signOut } from '../../../native-host/handlers/sign-out.ts';
import { status } from '../../../native-host/handlers/status.ts';
import { type Field, HERE, openField } from '../../services/whole-location.ts';
import { untilHolds } from '../../until.ts';
import { MARA, WORKSPACE } from '../../vectors/world.ts';
import { OWNER, openDevice, saveLeases, type TestDevice } from '../device.ts';

let field: Field;
let device: TestDevice;
before(async () => {
  field = await openField();
});
beforeEach(async () => {
  device = await openDevice();
});
afterEach(() => device.end());
after(() => field.close());

test('B-N2a, B-N13b a device describes itself by keys of its own, always the same for one person, others for another and on another device', async (t) => {
  const nonce = 'n'.repeat(22);
  const told = await describeDevice(device.host, { ...OWNER, nonce });
  assert.equal(told.claimsHardware, false);
  assert.equal(told.jkt, nodeCrypto.thumbprint(told.sign));
  const digest = deviceDigest(nodeCrypto, told.sign, told.enc);
  const now = Math.floor(Date.now() / 1_000);
  assert.ok(judgeProof(nodeCrypto, told.proof, told.sign, { aud: WORKSPACE, op: 'device', nonce, digest, now }).ok);
  assert.equal((await describeDevice(device.host, { ...OWNER, nonce })).jkt, told.jkt);
  const other = await describeDevice(device.host, { workspace: WORKSPACE, subject: 'somebody-else-1', nonce });
  assert.notEqual(other.jkt, told.jkt);
  const second = await openDevice();
  t.after(() => second.end());
  const there = await describeDevice(second.host, { ...OWNER, nonce });
  assert.equal(new Set([told, other, there].flatMap(({ sign, enc }) => [nodeCrypto.thumbprint(sign), nodeCrypto.thumbprint(enc)])).size, 6);
});

test('status counts leases for who is signed in, names viewers, and is empty after sign-out', async () => {
  assert.deepEqual((await status(device.host, { workspace: WORKSPACE })).leases, { valid: 0, ended: 0, resources: 0, opens: 0 });
  await saveLeases(device, field.world, [{ locations: [field.location] }]);
  const told = await status(device.host, { workspace: WORKSPACE });
  assert.deepEqual([told.subject, told.userName, told.leases], [MARA.subject, MARA.name, { valid: 1, ended: 0, resources: 1, opens: 1 }]);
  assert.equal(told.viewers.length, 3);
  assert.ok(told.workspaceStatement !== undefined);
  assert.deepEqual(await signOut(device.host, OWNER), { deleted: 1 });
  const after = await status(device.host, { workspace: WORKSPACE });
  assert.deepEqual([after.subject, after.leases.resources], [undefined, 0]);
});

test('signing out of a site that keeps leases keeps them', async () => {
  await saveLeases(device, field.world, [{ locations: [field.location] }], [], false);
  assert.deepEqual(await signOut(device.host, OWNER), { deleted: 0 });
  assert.equal((await leases(device.host, { ...OWNER, offset: 0 })).items.length, 1);
});

test('leases on a full disk are valid, but the disk is said to be full', async () => {
  const home = device.host.home;
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'tmpfs', home]);
  try {
    await saveLeases(device, field.world, [{ locations: [field.location] }]);
    assert.equal((await leases(device.host, { ...OWNER, offset: 0 })).disk, 'writable');
    await assert.rejects(writeFile(join(home, 'filler'), Buffer.alloc(4 << 20)), { code: 'ENOSPC' });
    const told = await leases(device.host, { ...OWNER, offset: 0 });
    assert.deepEqual([told.items[0]?.state, told.disk], ['valid', 'full']);
    await rm(join(home, 'filler'));
    assert.equal((await leases(device.host, { ...OWNER, offset: 0 })).disk, 'writable');
  } finally {
    execFileSync('umount', [home]);
  }
});

test('leases come in pages of 200 that fit a message', async () => {
  const many = Array.from({ length: 450 }, (_, n) => ({
    resource: { ...field.world.leasable.resource, id: `app-${n}` },
    locations: [field.location],
  }));
  await saveLeases(device, field.world, many);
  const seen: string[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page: Awaited<ReturnType<typeof leases>> = await leases(device.host, { ...OWNER, offset });
    assert.ok(JSON.stringify(page).length < 256 * 1024);
    seen.push(...page.items.map(({ resource }) => resource.id));
    offset = page.next;
  }
  assert.deepEqual(
    seen,
    many.map(({ resource }) => resource.id),
  );
});

test('listing leases starts a look at their locations, which says route and cause', async () => {
  const dead = {
    ...field.location,
    id: 'bern',
    name: 'Bern',
    connectors: [{ id: 'bern-connector-1', address: { host: HERE, port: 9 } }],
    gateways: [],
  };
  await saveLeases(device, field.world, [{ locations: [field.location, dead] }]);
  const first = await leases(device.host, { ...OWNER, offset: 0 });
  assert.deepEqual(
    first.reachability.map(({ state }) => state),
    ['unchecked', 'unchecked'],
  );
  const found = () => device.events.flatMap((event): Reachability[] => (event.event === 'reachability' ? event.reachability : []));
  await untilHolds(() => found().length === 2);
  const [zurich, bern] = ['zurich', 'bern'].map((id) => found().find(({ location }) => location === id));
  assert.deepEqual([zurich?.state, zurich?.route], ['reachable', 'direct']);
  assert.equal(bern?.state, 'unreachable');
  assert.deepEqual(bern?.causes, ['refused']);
  const second = await leases(device.host, { ...OWNER, offset: 0 });
  assert.deepEqual(
    second.reachability.map(({ state }) => state),
    ['reachable', 'unreachable'],
    'known now, without asking again',
  );
});
