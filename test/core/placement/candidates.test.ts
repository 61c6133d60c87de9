import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeaseLocation } from '#protocol/lease';
import { candidatesFor, expectedAt } from '../../../core/placement/candidates.ts';

const place = (id: string, connectivity: LeaseLocation['connectivity']): LeaseLocation => ({
  id,
  name: id,
  connectivity,
  connectors: [1, 2].map((n) => ({ id: `${id}-c${n}`, address: { host: `${id}-c${n}.example`, port: 2598 } })),
  gateways: [{ id: 'gateway-1', address: { host: 'gateway-1.example', port: 443 } }],
});
const paths = (...args: Parameters<typeof candidatesFor>) =>
  candidatesFor(...args).map(({ location, route, id }) => `${location} ${route} ${id}`);

test('B-N6b inside asks connectors at TCP 2598, outside gateways at TCP 443, both connectors first', () => {
  const asked = (connectivity: LeaseLocation['connectivity']) =>
    candidatesFor([place('zurich', connectivity)]).map(({ route, address }) => `${route} ${address.host}:${address.port}`);
  const connectors = ['direct zurich-c1.example:2598', 'direct zurich-c2.example:2598'];
  assert.deepEqual(asked('inside'), connectors);
  assert.deepEqual(asked('outside'), ['gateway gateway-1.example:443']);
  assert.deepEqual(asked('both'), [...connectors, 'gateway gateway-1.example:443']);
});

test('locations come in the order of the lease', () => {
  assert.deepEqual(paths([place('bern', 'outside'), place('zurich', 'inside')]), [
    'bern gateway gateway-1',
    'zurich direct zurich-c1',
    'zurich direct zurich-c2',
  ]);
});

test('with a ticket only its redeemer is asked directly', () => {
  assert.deepEqual(paths([place('zurich', 'both')], 'zurich-c2'), ['zurich direct zurich-c2', 'zurich gateway gateway-1']);
});

test('a lease without locations has no path', () => {
  assert.deepEqual(paths([]), []);
});

test('a gateway proves its own name, a connector its location, too', () => {
  const address = { host: 'a.example', port: 443 };
  assert.deepEqual(expectedAt({ route: 'gateway', id: 'gateway-1', location: 'zurich', address }), { roles: ['gateway'], id: 'gateway-1' });
  assert.deepEqual(expectedAt({ route: 'direct', id: 'zurich-c1', location: 'zurich', address }), {
    roles: ['connector'],
    id: 'zurich-c1',
    location: 'zurich',
  });
});
