import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceKey } from '#core/access/resource-key';
import type { FeedDocument } from '#protocol/feed';
import type { LeaseState } from '#protocol/host';
import { initialState } from '../../../pwa/app/initial-state.ts';
import type { AppState } from '../../../pwa/app/model.ts';
import { itemsOf } from '../../../pwa/view/circumstances.ts';
import { sessionOf } from '../people.ts';

const NOW = 1_000_000;
const known = sessionOf('mara-keller-1', 'Mara Keller', 'https://workspace.example');
const lease = (id: string, change: Partial<LeaseState> = {}): LeaseState => ({
  resource: { feed: 'apps', id },
  name: `Name of ${id}`,
  kind: 'desktop',
  protocol: 'rdp',
  state: 'valid',
  iat: 0,
  exp: NOW,
  locations: ['zurich'],
  ...change,
});

function stateWith(portal: AppState['portal'], resources: FeedDocument['resources'], leases: readonly LeaseState[]): AppState {
  const state = initialState(
    { session: () => known, unsure: () => false, devicesSeen: () => 0, theme: () => 'system', singleKeys: () => true },
    NOW,
  );
  const copy: FeedDocument = { v: 1, feed: 'apps', name: 'Apps', subject: 'mara-keller-1', asOf: NOW, resources };
  return {
    ...state,
    portal,
    feeds: new Map([['apps', { is: 'cached', copy, cause: 'network', attempt: 1 }]]),
    host: { path: 'ready', error: undefined },
    leases: new Map(leases.map((one) => [resourceKey(one.resource), one])),
  };
}
const OFFLINE: AppState['portal'] = {
  is: 'offline',
  why: { by: 'outage', cause: 'network' },
  since: NOW,
  back: 'no',
  tried: undefined,
  retryAt: NOW,
  attempt: 0,
};
const openNow = (state: AppState) => itemsOf(state).flatMap(({ key, opens }) => (opens.can === 'open' ? [key] : []));

test('B-W20c in an outage an empty list takes nothing away that a lease opens', () => {
  const state = stateWith(OFFLINE, [], [lease('ledger'), lease('atlas')]);
  assert.deepEqual(openNow(state), ['apps/ledger', 'apps/atlas']);
  const [first] = itemsOf(state);
  assert.deepEqual([first?.resource.name, first?.resource.kind], ['Name of ledger', 'desktop']);
});

test('what the list names is there once, as the list says it', () => {
  const listed = {
    id: 'ledger',
    name: 'Ledger',
    kind: 'app',
    protocol: 'rdp',
    locations: [{ id: 'zurich', name: 'Zurich' }],
    leasable: true,
  } as const;
  const state = stateWith(OFFLINE, [{ ...listed, locations: [...listed.locations] }], [lease('ledger'), lease('atlas')]);
  assert.deepEqual(
    itemsOf(state).map(({ key, resource }) => `${key} ${resource.name}`),
    ['apps/ledger Ledger', 'apps/atlas Name of atlas'],
  );
});

test('an ended or denied lease adds no tile, and none is added while the Workspace answers', () => {
  const leases = [lease('ledger', { state: 'expired', code: 3006 }), lease('atlas', { state: 'denied', code: 3022 })];
  assert.deepEqual(itemsOf(stateWith(OFFLINE, [], leases)), []);
  assert.deepEqual(itemsOf(stateWith({ is: 'online' }, [], [lease('ledger')])), []);
});

test('a list made without knowing the groups hides nothing that a lease opens', () => {
  const { groups: _, ...user } = known.user;
  const state = stateWith({ is: 'online' }, [], [lease('ledger', { exp: NOW + 1 })]);
  assert.deepEqual(openNow({ ...state, session: known }), []);
  assert.deepEqual(openNow({ ...state, session: { ...known, user } }), ['apps/ledger']);
});
