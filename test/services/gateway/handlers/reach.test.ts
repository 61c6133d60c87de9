import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LocationAnswer } from '#protocol/channel';
import type { ErrorCode } from '#protocol/errors';
import type { LeaseLocation } from '#protocol/lease';
import type { Log } from '#runtime/log/log';
import { locationAsker } from '../../../../services/gateway/handlers/reach.ts';
import { SILENT } from '../../../log.ts';
import { untilHolds } from '../../../until.ts';
import { DAY, NOW } from '../../../vectors/world.ts';
import { type Device, type Field, type FieldOptions, openField, presentReach } from '../../whole-location.ts';

const GATEWAY = { roles: ['gateway'] as const, id: 'gateway-1' };
let field: Field;
before(async () => {
  field = await openField();
  await field.settled();
});
after(() => field.close());

async function ask(of: Field, device: Device, lease = of.lease(device)): Promise<readonly LocationAnswer[] | ErrorCode> {
  const channel = await of.open(of.gateway.address, GATEWAY);
  const answer = await channel.present(presentReach(of, device, channel, lease), 5_000);
  if (answer.type === 'reached') return answer.locations;
  assert.ok(answer.type === 'refusal', answer.type);
  return answer.error.code;
}
const leaseOf = (device: Device, locations: readonly LeaseLocation[], of = field) =>
  of.world.shownFiles(device, of.world.leaseFor(device, { locations }).files);

test('a gateway names the locations that answered it, and leaves out the one that is dead behind it', async () => {
  const device = field.device();
  const bern: LeaseLocation = {
    ...field.location,
    id: 'bern',
    name: 'Bern',
    connectors: [{ id: 'bern-connector-1', address: { host: '127.0.0.1', port: 1 } }],
  };
  assert.deepEqual(await ask(field, device, leaseOf(device, [field.location, bern])), [{ location: 'zurich', sessionHosts: 1 }]);
});

test('a gateway answers only for itself: a location that is not reached through it is left out', async () => {
  const device = field.device();
  const elsewhere = { ...field.location, gateways: [{ id: 'gateway-2', address: { host: '127.0.0.1', port: 1 } }] };
  assert.deepEqual(await ask(field, device, leaseOf(device, [elsewhere])), []);
});

/** What a gateway says of a location of its own. */
async function answerOf(options: FieldOptions, ready: (of: Field) => unknown): Promise<readonly LocationAnswer[] | ErrorCode> {
  const of = await openField(options);
  try {
    await untilHolds(async () => (await ready(of)) === undefined);
    return await ask(of, of.device());
  } finally {
    await of.close();
  }
}
const connectorThere = (of: Field) => of.gateway.checks.find(({ name }) => name === 'connectors')?.run();
const hostThere = async (of: Field) =>
  (await connectorThere(of)) ?? of.connectors[0]?.service.checks.find(({ name }) => name === 'session-hosts')?.run();

const throwing = () => {
  throw new TypeError('of undefined');
};

test('what is no refusal is no silence either: a bug stands in the log, and the location is left out', async () => {
  const lines: string[] = [];
  const log: Log = { ...SILENT, error: () => void lines.push('error'), debug: () => void lines.push('debug') };
  const [device, location] = [field.device(), field.location];
  const params = { lease: field.lease(device), jkt: device.jkt };
  const broken = locationAsker({ connectors: { get: throwing }, log });
  assert.deepEqual([await broken(location, params), lines.splice(0)], [[], ['error']]);
  const silent = locationAsker({ connectors: { get: () => undefined }, log });
  assert.deepEqual([await silent(location, params), lines], [[], ['debug']]);
});

test('a location says that it is full, and that none of its session hosts answers', async () => {
  const full = await answerOf({ room: { sessions: 0 } }, hostThere);
  assert.deepEqual(full, [{ location: 'zurich', sessionHosts: 1, refusal: { code: 3021, reason: 'full', retryable: true } }]);
  const empty = await answerOf({ room: { sessions: undefined } }, connectorThere);
  assert.deepEqual(empty, [{ location: 'zurich', sessionHosts: 0, refusal: { code: 3021, reason: 'not-registered', retryable: true } }]);
});

test('B-W5d nobody but the device of a good lease is told which locations answer, and of no other location', async () => {
  const [owner, thief] = [field.device(), field.device()];
  const lease = field.lease(owner);
  assert.equal(await ask(field, thief, lease), 3020, 'the lease of another device, with a proof of the own key');
  const channel = await field.open(field.gateway.address, GATEWAY);
  const borrowed = { ...presentReach(field, thief, channel, lease), key: owner.signer.publicKey };
  const answer = await channel.present(borrowed, 5_000);
  assert.ok(answer.type === 'refusal' && answer.error.code === 3020, 'the owner’s key, with another one’s proof');

  const other = await openField();
  const foreign = other.world.shownFiles(owner, other.world.leaseFor(owner, { locations: [field.location] }).files);
  await other.close();
  assert.equal(await ask(field, owner, foreign), 3007, 'a lease that another issuer signed');
  const old = field.world.shownFiles(owner, field.world.leaseFor(owner, { locations: [field.location] }, NOW - 9 * DAY).files);
  assert.equal(await ask(field, owner, old), 3006, 'a lease that has ended');
  const bern = { ...field.location, id: 'bern', connectors: [{ id: 'bern-connector-1', address: { host: '127.0.0.1', port: 1 } }] };
  assert.deepEqual(await ask(field, owner, leaseOf(owner, [bern])), [], 'Zurich answers, and is not in this lease');
  assert.deepEqual(await ask(field, owner, lease), [{ location: 'zurich', sessionHosts: 1 }]);
});

test('a blocked device is told nothing', async (t) => {
  const blocked = await openField();
  t.after(() => blocked.close());
  await blocked.settled();
  const device = blocked.device();
  const lease = blocked.lease(device);
  const target = { kind: 'device' as const, jkt: device.jkt };
  blocked.gatewayComponent.tell([{ target, from: NOW - 1, until: NOW + 3_600, forget: NOW + DAY }], 2);
  assert.equal(await ask(blocked, device, lease), 3022);
});
