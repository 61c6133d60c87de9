/** How a tile looks, and what its note says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Openable } from '#core/access/openable';
import type { LeaseState, Reachability, RunningSession } from '#protocol/host';
import { beginLaunch, failLaunch } from '../../../pwa/view/launch.ts';
import type { Item } from '../../../pwa/view/list.ts';
import { type TileView, type TileWorld, tileOf } from '../../../pwa/view/tile.ts';
import { clockTime } from '../../../pwa/view/words.ts';
import { NOW } from '../app-state.ts';
import { PUBLISHED } from '../people.ts';

const [resource] = PUBLISHED;
assert.ok(resource !== undefined);
const item = (opens: Openable): Item => ({ ref: { feed: 'apps', id: resource.id }, key: `apps/${resource.id}`, resource, opens });
const lease: LeaseState = {
  resource: { feed: 'apps', id: resource.id },
  name: 'Ledger',
  kind: 'app',
  protocol: 'rdp',
  state: 'valid',
  iat: 0,
  exp: NOW / 1_000 + 3 * 3_600,
  locations: ['zurich'],
};
const path: Reachability = { location: 'zurich', name: 'Zurich', state: 'reachable', route: 'direct' };
const session: RunningSession = {
  session: 'A'.repeat(22),
  resource: { feed: 'apps', id: resource.id },
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
const BY_LEASE: Openable = { can: 'open', by: 'lease', lease, soon: false, path };
const BY_WORKSPACE: Openable = { can: 'open', by: 'workspace' };
const NOT: Openable = { can: 'not', reason: { why: 'no-lease' } };
const QUIET: TileWorld = { now: NOW, launch: undefined, sessions: [] };
const launch = beginLaunch(item(BY_LEASE), '7f3a91c2', 'lease', NOW);

const view = (opens: Openable, world: Partial<TileWorld> = {}): TileView => tileOf(item(opens), { ...QUIET, ...world });
const firstOf = ({ look, note }: TileView) => [look, note?.first];

test('B-W4d a tile that does not open is dim, and its badge and note say why', () => {
  const { look, note, badge, waits } = view(NOT);
  assert.deepEqual([look, note?.first, badge, waits], ['dim', 'No saved access on this device', 'key', false]);
});

test('a tile that opens has no badge; by a lease it says for how long', () => {
  assert.deepEqual(view(BY_WORKSPACE), { look: '', note: undefined, badge: undefined, waits: false });
  assert.deepEqual(firstOf(view(BY_LEASE)), ['opens', 'Opens offline · lease 3 h left']);
  assert.deepEqual(firstOf(view({ ...BY_LEASE, soon: true })), ['soon', 'Opens offline · lease 3 h left']);
  assert.deepEqual(view({ can: 'open', by: 'web' }), { look: '', note: undefined, badge: undefined, waits: false });
});

test('what is not known yet is not dimmed', () => {
  assert.deepEqual(view({ can: 'wait' }), { look: '', note: undefined, badge: undefined, waits: true });
});

test('a tile that is being opened says so, and by which way', () => {
  assert.deepEqual(view(BY_LEASE, { launch }).note, { glyph: 'turn', first: 'Opening now', second: 'lease 3 h left · direct' });
  assert.equal(view({ ...BY_LEASE, path: undefined }, { launch }).note?.second, 'lease 3 h left');
  assert.equal(view(BY_WORKSPACE, { launch }).note?.second, 'by the Workspace');
  assert.deepEqual(view({ can: 'wait' }, { launch }), {
    look: 'busy',
    note: { glyph: 'turn', first: 'Opening now', second: 'by the Workspace' },
    badge: undefined,
    waits: false,
  });
  assert.equal(view(NOT, { launch }).badge, undefined);
});

test('a launch of another tile, or one that is over, changes nothing here', () => {
  const other = { ...launch, key: 'apps/mail' };
  assert.equal(view(BY_LEASE, { launch: other }).look, 'opens');
  assert.equal(view(BY_LEASE, { launch: failLaunch(launch, { code: 3021 }) }).look, 'opens');
});

test('a tile of a running session says where and since when', () => {
  const { look, note, badge } = view(BY_LEASE, { sessions: [session] });
  assert.deepEqual(
    [look, note, badge],
    ['runs', { glyph: 'play', first: 'Running on zurich-host-1', second: `since ${clockTime(NOW)} · opens another window` }, undefined],
  );
  assert.equal(view(BY_LEASE, { sessions: [{ ...session, resource: { feed: 'other', id: resource.id } }] }).look, 'opens');
  assert.equal(view(BY_LEASE, { sessions: [session], launch }).look, 'busy');
});
