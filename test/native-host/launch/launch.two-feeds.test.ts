/** Two feeds that use the same id, each with a site of its own: connector, session host, session server. Down to what the viewer hears. */
import assert from 'node:assert/strict';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { resourceKey } from '#core/access/resource-key';
import type { LaunchFile } from '#protocol/lease';
import type { ResourceRef } from '#protocol/primitives';
import { leases } from '../../../native-host/handlers/leases.ts';
import { runningSessions } from '../../../native-host/session/record.ts';
import { type Field, openField } from '../../services/whole-location.ts';
import { newWorld } from '../../vectors/world.ts';
import { keyOf, OWNER, openDevice, saveLeases, type TestDevice } from '../device.ts';

/** Says a line and keeps what it hears until the session server has answered. */
const VIEWER = `#!${process.execPath}
const { connect } = require('node:net');
const { writeFileSync } = require('node:fs');
const socket = connect(process.argv.find((arg) => arg.startsWith('/v:')).slice(3), () => socket.write('who are you?'));
socket.on('data', (heard) => { console.log('Local framebuffer format'); writeFileSync(process.argv[1] + '.heard', heard); socket.end(); });
socket.on('close', () => process.exit(0));
`;
const APPS = { feed: 'apps', id: 'ledger' };
const OTHER = { feed: 'other', id: 'ledger' };
const HOSTS = { [resourceKey(APPS)]: 'zurich-host-1', [resourceKey(OTHER)]: 'bern-host-1' };

let apps: Field;
let other: Field;
let device: TestDevice;
let viewer: string;
let number = 0;
before(async () => {
  const world = newWorld();
  const saying = (name: string) => ({
    serve: (socket: NodeJS.WritableStream & NodeJS.ReadableStream) => void socket.once('data', () => socket.write(name)),
  });
  [apps, other] = await Promise.all([
    openField({ world, ...saying('apps') }),
    openField({ world, feed: 'other', place: 'bern', ...saying('other') }),
  ]);
  await Promise.all([apps.settled(), other.settled()]);
  // A redeemer takes no ticket from before its own start.
  for (const { clock } of [apps, other]) clock.seconds += 2;
});
beforeEach(async () => {
  await device?.end();
  device = await openDevice();
  viewer = join(device.home, 'viewer');
  await writeFile(viewer, VIEWER);
  await chmod(viewer, 0o700);
  device.host.config.viewers.rdp = viewer;
});
after(async () => {
  await device.end();
  await Promise.all([apps.close(), other.close()]);
});

const named = (ref: ResourceRef) => ({ ...ref, name: 'Ledger', kind: 'app' as const, protocol: 'rdp' as const });
const saveBoth = () =>
  saveLeases(device, apps.world, [
    { resource: named(APPS), locations: [apps.location] },
    { resource: named(OTHER), locations: [other.location] },
  ]);

/** Where the session ran, by which credential, and what its server said. */
async function opened(resource: ResourceRef, launchFile?: LaunchFile) {
  number += 1;
  const begun = device.host.launches.start({ owner: OWNER, resource, correlationId: `dddd${String(number).padStart(4, '0')}`, launchFile });
  const report = await begun.outcome;
  assert.ok(report.as === 'opened', JSON.stringify(report));
  await begun.ended;
  const { sessionHost, mode, resource: told } = report.session;
  return { sessionHost, mode, told, heard: await readFile(`${viewer}.heard`, 'utf8') };
}

async function ticketFile(field: Field, resource: ResourceRef): Promise<LaunchFile> {
  const { id, connectors } = field.location;
  const change = { resource: named(resource), location: id, aud: connectors[0]?.id ?? '' };
  return field.launchFile(await keyOf(await device.host.vaultOf(OWNER)), change);
}

test('by lease, the same id opens what its feed publishes', async () => {
  await saveBoth();
  for (const ref of [APPS, OTHER, APPS]) {
    const expected = { sessionHost: HOSTS[resourceKey(ref)], mode: 'lease', told: ref, heard: ref.feed };
    assert.deepEqual(await opened(ref), expected);
  }
  assert.deepEqual(await runningSessions(device.home), []);
});

test('B-N5a by ticket, the same id opens what its feed publishes', async () => {
  await saveBoth();
  for (const [field, ref] of [
    [other, OTHER],
    [apps, APPS],
  ] as const) {
    const expected = { sessionHost: HOSTS[resourceKey(ref)], mode: 'ticket', told: ref, heard: ref.feed };
    assert.deepEqual(await opened(ref, await ticketFile(field, ref)), expected);
  }
});

test('a ticket of the other feed is not shown to anybody; the lease of the right one is', async () => {
  await saveBoth();
  const { sessionHost, mode } = await opened(APPS, await ticketFile(other, OTHER));
  assert.deepEqual([sessionHost, mode], ['zurich-host-1', 'lease']);
});

test('both leases are listed, each under its feed', async () => {
  await saveBoth();
  const { items } = await leases(device.host, { ...OWNER, offset: 0 });
  assert.deepEqual(
    items.map(({ resource, locations, state }) => [resource, locations, state]),
    [
      [APPS, ['zurich'], 'valid'],
      [OTHER, ['bern'], 'valid'],
    ],
  );
});

test('3007 a manifest that gives one feed’s lease out as the other’s opens nothing', async () => {
  const vault = await saveBoth();
  const file = join(vault.folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  [manifest.leases[0].resource, manifest.leases[1].resource] = [OTHER, APPS];
  await writeFile(file, JSON.stringify(manifest));
  const report = await device.host.launches.start({ owner: OWNER, resource: APPS, correlationId: 'eeee0001' }).outcome;
  assert.ok(report.as === 'failed');
  assert.equal(report.code, 3007);
});

test('3002 a lease of the same id in another feed is none', async () => {
  await saveLeases(device, apps.world, [{ resource: named(OTHER), locations: [other.location] }]);
  const report = await device.host.launches.start({ owner: OWNER, resource: APPS, correlationId: 'eeee0002' }).outcome;
  assert.ok(report.as === 'failed');
  assert.equal(report.code, 3002);
});

test('a location whose site is another feed’s refuses, whatever the lease names', async () => {
  await saveLeases(device, apps.world, [{ resource: named(OTHER), locations: [apps.location] }]);
  const report = await device.host.launches.start({ owner: OWNER, resource: OTHER, correlationId: 'eeee0003' }).outcome;
  assert.ok(report.as === 'failed');
  assert.equal(report.code, 3021);
});
