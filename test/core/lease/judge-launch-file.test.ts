import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TYP } from '#protocol/jose';
import type { LaunchFile, LeaseLocation, Locator, Ticket } from '#protocol/lease';
import { judgeLaunchFile } from '../../../core/lease/judge-launch-file.ts';
import { nodeCrypto } from '../../../runtime/jose/primitives.ts';
import { NOW, newDevice, newWorld, TENANT, ticketClaims } from '../../vectors/world.ts';
import { outcomeOf } from '../outcome.ts';

const world = newWorld();
const device = newDevice();
const tickets = world.component('tickets', 'tickets-1');
const broker = world.component('broker', 'broker-1');
const WANTED = { resource: { feed: 'apps', id: 'ledger' }, jkt: device.jkt };
const [zurich, bern] = world.leasable.locations;
assert.ok(zurich && bern);

interface Made {
  readonly ticket?: Partial<Ticket>;
  readonly ticketBy?: typeof tickets;
  readonly location?: LeaseLocation;
  readonly locator?: Partial<Locator>;
  readonly locatorBy?: typeof broker;
  readonly change?: Partial<LaunchFile>;
}

function fileOf({ ticket, ticketBy = tickets, location = zurich, locator, locatorBy = broker, change }: Made): LaunchFile {
  const token = locatorBy.signer.sign(TYP.locator, { tenant: TENANT, location, iat: NOW, ...locator });
  return {
    ticket: ticketBy.signer.sign(TYP.ticket, ticketClaims(device, ticket)),
    statement: ticketBy.statement,
    locator: { token, statement: locatorBy.statement },
    correlationId: '7f3a91c2',
    ...change,
  };
}
const judged = (made: Made, wanted = WANTED) => judgeLaunchFile(nodeCrypto, world.trustWith(), fileOf(made), wanted, NOW);
const resource = ticketClaims(device).resource;
const unsigned = fileOf({}).ticket.replace(/[^.]+$/u, 'A'.repeat(86));
const forged = { token: fileOf({}).locator.token.replace(/[^.]+$/u, 'A'.repeat(86)), statement: broker.statement };

const CASES: readonly (readonly [what: string, made: Made, outcome: string])[] = [
  ['as it was made', {}, 'good'],
  ['with no ticket in it', { change: { ticket: 'a.b.c' } }, '3005'],
  ['for another resource', { ticket: { resource: { ...resource, id: 'mail' } } }, '3005'],
  ['for the resource of that name in another feed', { ticket: { resource: { ...resource, feed: 'other' } } }, '3005'],
  ['with no locator in it', { change: { locator: { token: 'a.b.c', statement: broker.statement } } }, '3020 token'],
  ['of another tenant', { ticket: { tenant: 'fabrikam' }, locator: { tenant: 'fabrikam' } }, '3020 other-tenant'],
  ['with the locator of another tenant', { locator: { tenant: 'fabrikam' } }, '3020 other-tenant'],
  ['with the ticket of another tenant', { ticket: { tenant: 'fabrikam' } }, '3020 other-tenant'],
  ['for another device', { ticket: { cnf: { jkt: newDevice().jkt } } }, '3020 other-device'],
  ['that leads to another location than the ticket’s', { location: bern }, '3020 signer-elsewhere'],
  ['located by a component that is no broker', { locatorBy: tickets }, '3020 signer'],
  ['with a ticket by a component that makes none', { ticketBy: broker }, '3020 signer'],
  ['whose locator nobody signed', { change: { locator: forged } }, '3020 not-signed'],
  ['whose ticket nobody signed', { change: { ticket: unsigned } }, '3020 not-signed'],
];
for (const [what, made, outcome] of CASES) {
  test(`a launch file ${what}: ${outcome}`, () => assert.equal(outcomeOf(judged(made)), outcome));
}

test('a good launch file gives the ticket, and the location that its broker signed', () => {
  const verdict = judged({});
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.value.location, zurich);
  assert.deepEqual(verdict.value.ticket.cnf, { jkt: device.jkt });
});
