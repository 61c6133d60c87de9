import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { Ticket } from '#protocol/lease';
import { timeMark } from '#runtime/files/time-mark';
import { type LaunchBody, redeemer } from '../../../services/connector/redeem.ts';
import { refusedWith } from '../../refused-with.ts';
import { MARA, NOW, newDevice, newWorld, ticketClaims } from '../../vectors/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-redeem-'));
after(() => rm(folder, { recursive: true }));
const world = newWorld();
const tickets = world.component('tickets', 'tickets-1');
const device = newDevice();
function started(clock: { seconds: number }, dataDir = folder) {
  const component = { id: 'zurich-connector-1', trust: () => world.trustWith(), locationKeys: () => world.keyRing('zurich') };
  return redeemer({ component, location: 'zurich', mark: timeMark(dataDir, 'latest-ticket'), now: () => clock.seconds });
}
function ticketBody(change: Partial<Ticket> = {}): LaunchBody {
  const ticket = tickets.signer.sign(TYP.ticket, ticketClaims(device, change));
  return {
    type: 'present',
    op: 'launch',
    mode: 'ticket',
    correlationId: '7f3a91c2',
    key: device.signer.publicKey,
    ticket,
    statement: tickets.statement,
    location: 'zurich',
    rootVersion: 1,
    listVersion: 1,
  };
}
function leaseBody(location = 'zurich'): LaunchBody {
  const lease = world.shownFiles(device, world.leaseFor(device).files);
  return {
    type: 'present',
    op: 'launch',
    mode: 'lease',
    correlationId: '7f3a91c2',
    key: device.signer.publicKey,
    lease,
    location,
    rootVersion: 1,
    listVersion: 1,
  };
}

test('a lease says who the person is to the connectors of its location', () => {
  const demand = started({ seconds: NOW })(leaseBody(), device.jkt);
  assert.deepEqual([demand.user, demand.mode, demand.resource.id], [MARA, 'lease', 'ledger']);
});

test('a launch for another location is 3021', () => {
  assert.throws(() => started({ seconds: NOW })(leaseBody('bern'), device.jkt), refusedWith(3021));
});

test('B-L8b a ticket is used once, whatever becomes of the launch', () => {
  const clock = { seconds: NOW - 10 };
  const redeem = started(clock);
  clock.seconds = NOW + 1;
  const body = ticketBody();
  assert.equal(redeem(body, device.jkt).mode, 'ticket');
  assert.throws(() => redeem(body, device.jkt), refusedWith('ticket_used'));
  clock.seconds = NOW + 150;
  assert.throws(() => redeem(body, device.jkt), refusedWith('ticket_expired'));
});

describe('B-L8e a restart never allows a second use', () => {
  test('after a restart tickets from before it are refused, also those of the same second', () => {
    const clock = { seconds: NOW };
    assert.throws(() => started(clock)(ticketBody(), device.jkt), refusedWith('ticket_expired'));
    assert.throws(() => started(clock)(ticketBody({ iat: NOW - 5, exp: NOW + 85 }), device.jkt), refusedWith('ticket_expired'));
    assert.equal(started(clock)(ticketBody({ iat: NOW + 1, exp: NOW + 91 }), device.jkt).mode, 'ticket');
  });

  test('a ticket dated ahead of our clock is not good again after a restart', () => {
    const own = mkdtempSync(join(folder, 'ahead-'));
    const clock = { seconds: NOW - 20 };
    const body = ticketBody();
    assert.equal(started(clock, own)(body, device.jkt).mode, 'ticket');
    clock.seconds += 3;
    assert.throws(() => started(clock, own)(body, device.jkt), refusedWith('ticket_expired'));
    assert.equal(timeMark(own, 'latest-ticket').read(), NOW);
  });
});

test('an altered lease is 3007', () => {
  const body = leaseBody();
  assert.ok(body.mode === 'lease');
  const mixed = { ...body, lease: { ...body.lease, common: `${body.lease.common} ` } };
  assert.throws(() => started({ seconds: NOW })(mixed, device.jkt), refusedWith(3007));
});
