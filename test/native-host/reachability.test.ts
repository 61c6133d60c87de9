/** The background check over real fields: gateway, connector and session host in this process. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { LeaseLocation } from '#protocol/lease';
import { leases } from '../../native-host/handlers/leases.ts';
import { type Field, HERE, openField } from '../services/whole-location.ts';
import { untilHolds } from '../until.ts';
import { DAY, NOW } from '../vectors/world.ts';
import { OWNER, openDevice, saveLeases, type TestDevice } from './device.ts';

const LEDGER = { feed: 'apps', id: 'ledger' };
let field: Field;
let device: TestDevice;
before(async () => {
  field = await openField();
  await field.settled();
});
afterEach(() => device.end());
after(() => field.close());

async function openWith(locations: readonly LeaseLocation[]): Promise<void> {
  device = await openDevice();
  await saveLeases(device, field.world, [{ locations }]);
}
const look = () => leases(device.host, { ...OWNER, offset: 0 });
const told = () => device.events.filter((event) => event.event === 'reachability');
/** The newest result of a location. */
const stateOf = (id: string) =>
  told()
    .flatMap(({ reachability }) => reachability.filter(({ location }) => location === id))
    .at(-1);
/** The location as devices outside know it. */
const outside = (change: Partial<LeaseLocation> = {}): LeaseLocation => ({ ...field.location, connectivity: 'outside', ...change });

test('B-W5c a location that is dead behind a living gateway is unreachable, and a living one behind it is not', async () => {
  const bern = outside({ id: 'bern', name: 'Bern', connectors: [{ id: 'bern-connector-1', address: { host: HERE, port: 9 } }] });
  await openWith([outside(), bern]);
  await look();
  await untilHolds(() => stateOf('zurich') !== undefined && stateOf('bern') !== undefined);
  assert.deepEqual([stateOf('zurich')?.state, stateOf('zurich')?.route], ['reachable', 'gateway']);
  assert.deepEqual([stateOf('bern')?.state, stateOf('bern')?.causes], ['unreachable', ['location-silent']]);
});

test('a location is asked with a lease that is still good, though the first one of it has ended', async () => {
  device = await openDevice();
  const atlas = { ...field.world.leasable.resource, id: 'atlas' };
  await saveLeases(device, field.world, [
    { locations: [field.location], at: NOW - 8 * DAY },
    { locations: [field.location], resource: atlas },
  ]);
  const { items } = await look();
  assert.deepEqual(
    items.map(({ state }) => state),
    ['expired', 'valid'],
  );
  await untilHolds(() => stateOf('zurich')?.state === 'reachable');
});

test('each location is asked with a lease of its own', async () => {
  device = await openDevice();
  const bern = {
    ...field.location,
    id: 'bern',
    name: 'Bern',
    connectors: [{ id: 'bern-connector-1', address: { host: HERE, port: 9 } }],
    gateways: [],
  };
  const atlas = { ...field.world.leasable.resource, id: 'atlas' };
  await saveLeases(device, field.world, [{ locations: [bern] }, { locations: [field.location], resource: atlas }]);
  await look();
  await untilHolds(() => stateOf('zurich') !== undefined && stateOf('bern') !== undefined);
  assert.deepEqual([stateOf('zurich')?.state, stateOf('bern')?.state], ['reachable', 'unreachable']);
});

test('B-W5h after a launch that failed its locations are asked at once', async () => {
  const dead = { id: 'zurich-connector-1', address: { host: HERE, port: 9 } };
  await openWith([{ ...field.location, connectors: [dead], gateways: [] }]);
  await look();
  await untilHolds(() => stateOf('zurich') !== undefined && device.later.length > 0);
  device.clock.ms += 1_000;
  const launch = device.host.launches.start({ owner: OWNER, resource: LEDGER, correlationId: 'aaaa0002' });
  const report = await launch.outcome;
  assert.equal(report.as === 'failed' && report.code, 3023);
  await launch.ended;
  await untilHolds(() => stateOf('zurich')?.checkedAt === device.clock.ms);
});

test('a full location refuses a launch with that word, and goes on saying so when it is asked again', async () => {
  const full = await openField({ world: field.world, room: { sessions: 0 } });
  await full.settled();
  await openWith([full.location]);
  await look();
  await untilHolds(() => stateOf('zurich') !== undefined);
  const launch = device.host.launches.start({ owner: OWNER, resource: LEDGER, correlationId: 'aaaa0001' });
  assert.equal((await launch.outcome).as, 'failed');
  await launch.ended;
  const order = device.events.filter(({ event }) => event === 'launch' || event === 'reachability');
  const refusedAt = order.findIndex((event) => event.event === 'reachability' && event.refusals.length > 0);
  assert.ok(refusedAt >= 0 && refusedAt < order.length - 1, 'said before the launch is over');
  device.clock.ms += 1_000;
  const seen = told().length;
  await untilHolds(() => device.later.length > 0);
  device.later.at(-1)?.();
  await untilHolds(() =>
    told()
      .slice(seen)
      .some(({ refusals }) => refusals[0]?.at === device.clock.ms),
  );
  const [refusal] = (await look()).refusals;
  assert.deepEqual([refusal?.error.reason, refusal?.name, stateOf('zurich')?.state], ['full', 'Zurich', 'reachable']);
  await full.close();
});

test('a refusal goes with the next good answer to its own lease', async () => {
  await openWith([field.location]);
  await look();
  await untilHolds(() => device.later.length > 0);
  device.host.reachabilities.refused(OWNER, LEDGER, 'zurich', { code: 3021, reason: 'full' });
  assert.equal(told().at(-1)?.refusals.length, 1, 'it is told at once');
  await untilHolds(() => told().at(-1)?.refusals.length === 0);
  assert.deepEqual((await look()).refusals, []);
});

test('B-W5f locations are asked again every 30 s while somebody looks, and not for ever', async () => {
  await openWith([field.location]);
  await look();
  await untilHolds(() => device.later.length > 0);
  device.clock.ms += 30_000;
  const seen = told().length;
  device.later.at(-1)?.();
  await untilHolds(() => told().length > seen && device.later.length > 0);
  assert.equal(stateOf('zurich')?.checkedAt, device.clock.ms);
  device.clock.ms += 90_001;
  const before = told().length;
  device.later.at(-1)?.();
  assert.equal(told().length, before);
  assert.equal(device.later.length, 1, 'no further check is meant');
});
