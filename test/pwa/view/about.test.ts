/** "About": one resource on demand. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LeaseState, Reachability } from '#protocol/host';
import type { AppState } from '../../../pwa/app/model.ts';
import { aboutOf } from '../../../pwa/view/about.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { NOW, stateWith } from '../app-state.ts';

const lease: LeaseState = {
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  kind: 'app',
  protocol: 'rdp',
  state: 'valid',
  iat: new Date(2026, 10, 21, 8, 0).getTime() / 1_000,
  exp: new Date(2026, 10, 26, 15, 5).getTime() / 1_000,
  locations: ['bern', 'zurich'],
};
const zurich: Reachability = {
  location: 'zurich',
  name: 'Zurich',
  state: 'reachable',
  route: 'direct',
  roundTripMs: 2,
  checkedAt: NOW - 180_000,
};
const bern: Reachability = { location: 'bern', name: 'Bern', state: 'unreachable', checkedAt: NOW - 60_000 };

function about(key: string, change: Partial<AppState> = {}): Record<string, string> {
  const state = stateWith({ is: 'online' }, { leases: new Map([['apps/ledger', lease]]), ...change });
  const item = itemsOf(state).find((one) => one.key === key);
  assert.ok(item !== undefined);
  return Object.fromEntries(aboutOf(item, state).map(([label, value]) => [label, value.replaceAll('\u00a0', ' ')]));
}
const at = (...places: Reachability[]) => ({ reachability: new Map(places.map((place) => [place.location, place])) });

describe('B-W17a a resource says on demand', () => {
  test('that it would open in an outage, since when and until when its access is saved, and by which path', () => {
    assert.deepEqual(about('apps/ledger', at(bern, zurich)), {
      'In an outage': 'Opens',
      'Access saved': 'today, 08:00',
      'Lasts until': 'Thu 26 Nov, 15:05',
      Path: 'Zurich, direct, 2 ms',
      Checked: '3 min ago',
    });
  });

  test('that nothing is saved for it', () => {
    assert.deepEqual(about('apps/mail'), { 'In an outage': 'No saved access on this device' });
  });

  test('that its access has ended', () => {
    const ended = { ...lease, exp: NOW / 1_000, state: 'expired' } as const;
    const facts = about('apps/ledger', { leases: new Map([['apps/ledger', ended]]) });
    assert.deepEqual([facts['Lasts until'], facts['Ended']], [undefined, 'today, 11:04']);
  });

  test('what is not known yet', () => {
    assert.deepEqual(about('apps/ledger', { leases: undefined }), { 'In an outage': 'not known yet' });
  });

  test('why it does not open now', () => {
    const now = about('apps/mail', { portal: { is: 'signing-in' } });
    assert.deepEqual(now, { Now: 'No saved access on this device', 'In an outage': 'No saved access on this device' });
    assert.equal(about('web/wiki', { portal: { is: 'signing-in' } })['Now'], undefined, 'a web app says so in one line');
    assert.equal(about('web/wiki', { portal: { is: 'signing-in' } })['In an outage'], 'Web app, needs the internet');
  });
});

describe('B-W19c the path of a resource', () => {
  test('without a route or a time has neither', () => {
    const { route: _route, roundTripMs: _ms, checkedAt: _at, ...plain } = zurich;
    const facts = about('apps/ledger', at(plain));
    assert.deepEqual([facts['Path'], facts['Checked']], ['Zurich', undefined]);
  });

  test('that was looked for in vain is none, with when', () => {
    const facts = about('apps/ledger', at(bern, { location: 'zurich', name: 'Zurich', state: 'unchecked' }));
    assert.deepEqual([facts['Path'], facts['Checked']], ['none found', '1 min ago']);
  });

  test('that nobody has looked for is not checked yet', () => {
    assert.equal(about('apps/ledger', at())['Path'], 'not checked yet');
    assert.equal(about('apps/ledger', at({ location: 'zurich', name: 'Zurich', state: 'unchecked' }))['Path'], 'not checked yet');
  });
});
