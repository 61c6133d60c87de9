import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseAnswer, locationState, type WayAnswer } from '#core/access/location-state';
import type { WireError } from '#protocol/errors';

const ZURICH = { id: 'zurich', name: 'Zurich' };
const FULL: WireError = { code: 3021, reason: 'full' };
const said = (route: 'direct' | 'gateway', sessionHosts: number, refusal?: WireError): WayAnswer => ({
  route,
  roundTripMs: route === 'direct' ? 2 : 9,
  said: { location: 'zurich', sessionHosts, ...(refusal !== undefined && { refusal }) },
});
const silentBehindGateway: WayAnswer = { route: 'gateway', said: undefined, cause: 'location-silent' };
const refusedDirectly: WayAnswer = { route: 'direct', said: undefined, cause: 'refused' };

test('B-W5c a gateway that answers for itself alone does not make its location reachable', () => {
  const state = locationState(ZURICH, [refusedDirectly, silentBehindGateway, silentBehindGateway], 7);
  assert.deepEqual(state, {
    location: 'zurich',
    name: 'Zurich',
    checkedAt: 7,
    state: 'unreachable',
    causes: ['refused', 'location-silent'],
  });
});

test('a location without a session host opens nothing, although its connector answers', () => {
  const state = locationState(ZURICH, [said('direct', 0, { code: 3021, reason: 'not-registered' })], 7);
  assert.deepEqual([state.state, state.causes], ['unreachable', ['no-session-host']]);
});

test('a location that answered is shown by its direct way, else by a gateway; one way is enough', () => {
  assert.equal(locationState(ZURICH, [said('gateway', 1), said('direct', 1)], 7).route, 'direct');
  const state = locationState(ZURICH, [refusedDirectly, said('gateway', 1)], 7);
  assert.deepEqual([state.state, state.route, state.roundTripMs], ['reachable', 'gateway', 9]);
});

test('a full location is reached, and its lease is refused', () => {
  const ways = [said('direct', 1, FULL), said('gateway', 1, FULL)];
  assert.equal(locationState(ZURICH, ways, 7).state, 'reachable');
  assert.deepEqual(leaseAnswer(ways), { location: 'zurich', error: FULL });
});

test('a lease opens where any of its locations would open it, and nothing is known where all were silent', () => {
  assert.equal(leaseAnswer([said('direct', 1, FULL), said('gateway', 1)]), 'opens');
  assert.equal(leaseAnswer([said('direct', 0)]), undefined, 'nobody there would open it');
  assert.equal(leaseAnswer([refusedDirectly, silentBehindGateway]), undefined);
});
