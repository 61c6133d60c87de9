import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '#protocol/errors';
import { allowanceFor } from '#runtime/budget/allowance';
import { openMetrics } from '#runtime/metrics/metrics';
import { LAUNCHES_OF_ONE, type LaunchContext, launcher } from '../../../services/connector/launch.ts';
import type { LaunchBody } from '../../../services/connector/redeem.ts';
import { SILENT } from '../../log.ts';
import { refusedWith } from '../../refused-with.ts';
import { MARA, newDevice, newWorld } from '../../vectors/world.ts';

const device = newDevice();
const world = newWorld();
const BODY: LaunchBody = {
  type: 'present',
  op: 'launch',
  mode: 'lease',
  correlationId: '7f3a91c2',
  key: device.signer.publicKey,
  lease: world.shownFiles(device, world.leaseFor(device).files),
  location: 'zurich',
  rootVersion: 1,
  listVersion: 1,
};
const REGISTRATION = { id: 'host-1', address: { host: 'h', port: 1 }, protocols: [], sessions: [], maxSessions: 1 };

const HERE = '127.0.0.1';

/** Every lease is good, and its person the one whom the device's key names before the slash. */
function launching(clock: { ms: number }, change: Partial<LaunchContext> = {}) {
  const peer = { responsive: () => true, call: () => Promise.reject(new Error('not asked')) };
  const launch = launcher({
    allow: { device: allowanceFor(LAUNCHES_OF_ONE, () => clock.ms), person: allowanceFor(LAUNCHES_OF_ONE, () => clock.ms) },
    redeem: ({ correlationId }, jkt) => ({
      user: { ...MARA, subject: jkt.split('/')[0] ?? '' },
      jkt,
      resource: { feed: 'apps', id: 'ledger', name: 'Ledger', kind: 'app', protocol: 'rdp' },
      mode: 'lease',
      authorizedAt: 0,
      correlationId,
    }),
    broker: async () => ({ grant: 'a.b.c', statement: 'a.b.c', sessionHost: 'host-1' }),
    sessionHosts: { find: () => ({ registration: REGISTRATION, peer }) },
    log: SILENT,
    linesOf: () => SILENT,
    metrics: openMetrics(),
    ...change,
  });
  return (jkt: string) => launch(BODY, jkt, { route: 'direct', source: HERE });
}

test('B-R6f one device, or one person, launches 30 times at once and then once a second; nobody else is refused for it', async () => {
  const clock = { ms: 0 };
  const launch = launching(clock);
  for (let n = 0; n < 30; n++) await launch('alice/laptop');
  await assert.rejects(launch('alice/laptop'), refusedWith('too_many'));
  await assert.rejects(launch('alice/tablet'), refusedWith('too_many'), 'the person’s own allowance is used up');
  await launch('bob/laptop');
  clock.ms += 999;
  await assert.rejects(launch('alice/laptop'), refusedWith('too_many'));
  clock.ms += 1;
  await launch('alice/laptop');
});

test('a launch that is refused for its number is not redeemed', async () => {
  let redeemed = 0;
  const redeem = () => {
    redeemed += 1;
    throw new HoldfastError(3022);
  };
  const launch = launching({ ms: 0 }, { redeem });
  for (let n = 0; n < 30; n++) await assert.rejects(launch('alice/laptop'), refusedWith(3022));
  await assert.rejects(launch('alice/laptop'), refusedWith('too_many'));
  assert.equal(redeemed, 30);
});
