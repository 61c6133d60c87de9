import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunningSession } from '#protocol/host';
import { initials, sessionFacts } from '../../../pwa/view/topbar.ts';
import { clockTime } from '../../../pwa/view/words.ts';
import { NOW } from '../app-state.ts';

const session: RunningSession = {
  session: 'A'.repeat(22),
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'direct',
  mode: 'lease',
  since: NOW,
  viewer: 'FreeRDP',
  correlationId: '7f3a91c2',
};

test('a running session says where it runs, by which way, how it was opened, and since when', () => {
  assert.deepEqual(sessionFacts(session), [
    ['Host', 'zurich-host-1'],
    ['Location', 'zurich'],
    ['Route', 'direct'],
    ['Opened by', 'saved access (lease)'],
    ['Since', clockTime(NOW)],
  ]);
  const other = Object.fromEntries(sessionFacts({ ...session, route: 'gateway', mode: 'ticket' }));
  assert.deepEqual([other['Route'], other['Opened by']], ['through a gateway', 'the Workspace']);
  assert.equal(Object.fromEntries(sessionFacts({ ...session, gateway: 'gateway-1' }))['Route'], 'through gateway-1');
});

test('a person has the letters of their first and last name', () => {
  assert.deepEqual(['Mara Keller', 'mara', 'Jon M. Brunner', 'Brunner, Jon', ' Mara  Keller ', '', '𝒜da Lovelace'].map(initials), [
    'MK',
    'M',
    'JB',
    'BJ',
    'MK',
    '',
    '𝒜L',
  ]);
});
