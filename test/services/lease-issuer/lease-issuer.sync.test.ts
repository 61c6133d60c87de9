import assert from 'node:assert/strict';
import test from 'node:test';
import { judgeHeldLease } from '#core/lease/judge-held';
import { judgeLease } from '#core/lease/judge-lease';
import { digestWith, EMPTY_SET, judgeLeaseSet, type ReceivedSet } from '#core/lease/lease-set';
import { type LocationKeyRing, openLease } from '#core/lease/open-lease';
import type { LeaseSyncLine } from '#protocol/workspace-api';
import type { Component } from '#runtime/component/component';
import { nodeCrypto } from '#runtime/jose/primitives';
import { untilHolds } from '../../until.ts';
import { newDevice, type TestDevice } from '../device.ts';
import { signIn } from '../person.ts';
import { MARA, PASSWORD, SITE, startWholeCloud, type WholeCloud } from '../whole-cloud.ts';

const now = () => Math.floor(Date.now() / 1_000);

function linesOf<T extends LeaseSyncLine['type']>(lines: readonly LeaseSyncLine[], type: T) {
  return lines.filter((line): line is Extract<LeaseSyncLine, { type: T }> => line.type === type);
}

function many(count: number): typeof SITE.resources {
  return Array.from({ length: count }, (_, index) => ({
    id: `app-${index}`,
    name: `App ${index}`,
    kind: 'app',
    protocol: 'ssh',
    deliveryGroups: ['terminals'],
    entitled: { groups: ['Staff'] },
  }));
}

/** The protected header of a sealed file: with the ephemeral key in it, two agreements never have the same. */
function headerOf(jwe: string): string | undefined {
  return jwe.split('.')[0];
}

test('B-L2a, B-L2b every leasable resource gets a lease that device and connector can open', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const request = device.syncRequest(cloud.origin, await person.deviceToken(device));
  const lines = await person.sync(request);

  assert.deepEqual(
    linesOf(lines, 'lease').map(({ resource }) => `${resource.feed}/${resource.id}`),
    ['apps/terminal', 'apps/archive'],
  );
  assert.deepEqual(
    linesOf(lines, 'unleased').map(({ resource, reason }) => [resource.id, reason]),
    [['payroll', 'not-allowed']],
  );
  const { subject } = person.session.user;

  for (const opened of openedBy(cloud.connector, cloud, { device, subject }, lines)) {
    assert.ok(opened.ok, JSON.stringify(opened));
    assert.equal(opened.value.common.user.upn, MARA);
    assert.equal(opened.value.details.hostPool, 'terminals');
  }
});

test('B-L6h a lease made after a connector’s keys were stolen and withdrawn opens at the others, not with the stolen key of the location', async (t) => {
  const cloud = await startWholeCloud(t);
  const colleague = await cloud.root.component('connector', 'zurich-2', 'zurich');
  const stolen = cloud.connector.locationKeys();
  const thief = { trust: cloud.connector.trust, locationKeys: () => stolen };
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const holder = { device, subject: person.session.user.subject };
  const leases = async () => person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  const before = await leases();
  for (const opened of openedBy(thief, cloud, holder, before)) assert.ok(opened.ok, 'what was made before the theft it can read');

  assert.equal((await cloud.root.admin('DELETE', '/v1/admin/components/connector/zurich-1/keys')).status, 200);
  await untilHolds(
    async () => [...openedBy(colleague, cloud, holder, await leases())].every(({ ok }) => ok) && sealedAnew(colleague, stolen),
  );
  await untilHolds(async () => [...openedBy(thief, cloud, holder, await leases())].every((opened) => !opened.ok && opened.why === 3004));
  for (const opened of openedBy(colleague, cloud, holder, await leases())) assert.ok(opened.ok, JSON.stringify(opened));
  for (const opened of openedBy(colleague, cloud, holder, before)) assert.ok(opened.ok, 'older leases open as before');
});

function sealedAnew(colleague: Component, stolen: LocationKeyRing): boolean {
  return Object.keys(colleague.locationKeys()).some((kid) => stolen[kid] === undefined);
}

/** Each lease of a sync as it is shown to a connector of Zurich, opened with the keys that `connector` has. */
function* openedBy(
  connector: Pick<Component, 'trust' | 'locationKeys'>,
  cloud: WholeCloud,
  { device, subject }: { readonly device: TestDevice; readonly subject: string },
  lines: readonly LeaseSyncLine[],
) {
  const files = new Map(linesOf(lines, 'file').map(({ digest, content }) => [digest, content]));
  for (const line of linesOf(lines, 'lease')) {
    const held = { metadata: line.metadata, common: files.get(line.common) ?? '', location: files.get(line.location) ?? '' };
    const owner = { workspace: cloud.origin, subject, jkt: device.jkt };
    const judged = judgeHeldLease(nodeCrypto, cloud.connector.trust(), device.unseal, held, owner, now());
    assert.ok(judged.ok, JSON.stringify(judged));
    const shown = { files: { ...held, metadata: judged.value.metadataJws }, jkt: device.jkt, location: 'zurich' };
    const redeemed = judgeLease(nodeCrypto, cloud.connector.trust(), shown, now());
    assert.ok(redeemed.ok, JSON.stringify(redeemed));
    yield openLease(nodeCrypto, connector.trust(), connector.locationKeys(), shown, redeemed.value, now());
  }
}

test('the issuer signs the end of a sync: all its lines, for this person, this device and this very request', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const request = device.syncRequest(cloud.origin, await person.deviceToken(device));
  const lines = await person.sync(request);
  const end = lines.at(-1);
  assert.ok(end?.type === 'end');
  const digest = lines.reduce(
    (before, line) => (line.type === 'lease' || line.type === 'unleased' ? digestWith(nodeCrypto, before, line) : before),
    EMPTY_SET,
  );
  const received = {
    workspace: cloud.origin,
    subject: person.session.user.subject,
    jkt: device.jkt,
    answers: nodeCrypto.sha256(request.proof),
    digest,
  };
  const judge = (change: Partial<ReceivedSet>) => judgeLeaseSet(nodeCrypto, cloud.connector.trust(), end.set, { ...received, ...change });
  const judged = judge({});
  assert.ok(judged.ok, JSON.stringify(judged));
  assert.deepEqual([judged.value.leases, judged.value.deleteOnSignOut], [2, true]);
  const elsewhere = { workspace: 'https://other.test', subject: 'somebody-else-1', jkt: nodeCrypto.sha256('other') };
  for (const [name, value] of Object.entries(elsewhere)) assert.deepEqual(judge({ [name]: value }), { ok: false, why: 'other-owner' });
  assert.deepEqual(judge({ answers: nodeCrypto.sha256('an earlier proof') }), { ok: false, why: 'other-request' });
  assert.deepEqual(judge({ digest: EMPTY_SET }), { ok: false, why: 'other-lines' });
});

test('files that are equal for several resources are made and sent once', async (t) => {
  const cloud = await startWholeCloud(t, { site: { ...SITE, resources: many(150) } });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  assert.equal(linesOf(lines, 'lease').length, 150);
  assert.equal(linesOf(lines, 'file').length, 2);
  assert.deepEqual(
    linesOf(lines, 'progress').map(({ done }) => done),
    [16, 32, 48, 64, 80, 96, 112, 128, 144, 150],
  );
  const agreements = new Set(linesOf(lines, 'lease').map(({ metadata }) => headerOf(metadata)));
  assert.equal(agreements.size, 1, 'a device opens the whole sync with one key agreement');
});

test('a lease that no exchange would take is not made, and its resource says why', async (t) => {
  const groups = Array.from({ length: 900 }, (_, index) => `A group with a rather long name, number ${index}`);
  const cloud = await startWholeCloud(t, { groups: ['Staff', ...groups] });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  assert.deepEqual(linesOf(lines, 'lease'), []);
  assert.deepEqual(linesOf(lines, 'file'), []);
  assert.deepEqual(
    linesOf(lines, 'unleased').map(({ resource, reason }) => `${resource.id} ${reason}`),
    ['payroll not-allowed', 'terminal too-large', 'archive too-large'],
  );
  assert.equal(lines.at(-1)?.type, 'end');
});

test('B-L5d a blocked person gets no leases, and hears which are missing and why', async (t) => {
  const cloud = await startWholeCloud(t, { blocks: [{ kind: 'group', group: 'Staff' }] });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const lines = await person.sync(device.syncRequest(cloud.origin, await person.deviceToken(device)));
  assert.deepEqual(linesOf(lines, 'lease'), []);
  assert.deepEqual(
    linesOf(lines, 'unleased').map(({ resource, reason }) => `${resource.id} ${reason}`),
    ['terminal blocked', 'archive blocked', 'payroll not-allowed'],
  );
  assert.equal(lines.at(-1)?.type, 'end');
});

test('a blocked device gets nothing', async (t) => {
  const device = newDevice();
  const cloud = await startWholeCloud(t, { blocks: [{ kind: 'device', jkt: device.jkt }] });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const answer = await person.post('/api/v1/lease-sync', device.syncRequest(cloud.origin, await person.deviceToken(device)));
  assert.equal(answer.status, 403);
  assert.equal(JSON.parse(answer.text).error.code, 'blocked');
});

test('a sync wants the token, the device’s key and a proof that was never used', async (t) => {
  const cloud = await startWholeCloud(t);
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const [device, thief] = [newDevice(), newDevice()];
  const token = await person.deviceToken(device);
  const status = async (request: object) => (await person.post('/api/v1/lease-sync', request)).status;
  assert.equal(await status(thief.syncRequest(cloud.origin, token)), 401, 'another device');
  assert.equal(await status({ ...device.syncRequest(cloud.origin, token), key: thief.keys.sign }), 401);
  assert.equal(await status(device.syncRequest('http://elsewhere.test', token)), 401, 'made for another Workspace');
  const request = device.syncRequest(cloud.origin, token);
  assert.equal(await status(request), 200);
  assert.equal(await status(request), 401, 'shown twice');
  const stolen = await person.post('/api/v1/devices', { ...thief.deviceRequest(cloud.origin, 'n'.repeat(22)) });
  assert.equal(stolen.status, 401, 'another challenge');
});

test('a sync that the same device begins anew ends with a line that says so, and counts for nothing', async (t) => {
  const cloud = await startWholeCloud(t, { site: { ...SITE, resources: many(150) } });
  const person = await signIn(t, cloud, MARA, PASSWORD);
  const device = newDevice();
  const token = await person.deviceToken(device);
  const syncs = await Promise.all([1, 2].map(() => person.sync(device.syncRequest(cloud.origin, token))));
  const [ended, ...others] = syncs.filter((lines) => linesOf(lines, 'end').length === 1);
  assert.ok(ended !== undefined && others.length === 0);
  const broken = syncs.find((lines) => lines !== ended)?.at(-1);
  assert.ok(broken?.type === 'error');
  assert.equal(broken.error.code, 'conflict');
});
