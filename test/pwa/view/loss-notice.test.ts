import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Loss, NO_LOSSES } from '#core/access/losses';
import type { PortalState } from '#core/machines/portal-states';
import type { RunningSession } from '#protocol/host';
import { initialState } from '../../../pwa/app/initial-state.ts';
import type { AppState } from '../../../pwa/app/model.ts';
import type { Item } from '../../../pwa/view/list.ts';
import { lossNoticesOf } from '../../../pwa/view/loss-notice.ts';
import { PUBLISHED } from '../people.ts';

const AT = new Date(2026, 10, 20, 10, 42).getTime();
const local = {
  session: () => undefined,
  unsure: () => false,
  devicesSeen: () => 0,
  theme: (): 'system' => 'system',
  singleKeys: () => true,
} as const;
const items = PUBLISHED.map((resource): Item => {
  const ref = { feed: 'apps', id: resource.id };
  return { ref, key: `apps/${resource.id}`, resource, opens: { can: 'open', by: 'workspace' } };
});
const session = ({ ref, resource }: Item): RunningSession => ({
  session: ref.id.padEnd(22, 'A'),
  resource: ref,
  name: resource.name,
  protocol: 'rdp',
  sessionHost: 'zurich-host-1',
  location: 'zurich',
  route: 'direct',
  mode: 'ticket',
  since: AT - 60_000,
  viewer: 'FreeRDP',
  correlationId: '7f3a91c2',
});
function told(change: Partial<Loss>, more: Partial<AppState> = {}) {
  const loss: Loss = { location: 'zurich', name: 'Zurich', at: AT, is: 'silent', ended: [], ...change };
  const losses = { ...NO_LOSSES, byLocation: new Map([['zurich', loss]]) };
  const online: PortalState = { is: 'online' };
  return lossNoticesOf({ ...initialState(local, AT + 60_000), portal: online, losses, ...more }, items).map(({ title, text, again }) => [
    title,
    text,
    again.map(({ resource }) => resource.name),
  ]);
}
const outage: PortalState = {
  is: 'offline',
  why: { by: 'outage', cause: 'timeout' },
  since: AT,
  back: 'no',
  tried: undefined,
  retryAt: undefined,
  attempt: 1,
};
const silent = new Map([['zurich', { location: 'zurich', name: 'Zurich', state: 'unreachable' } as const]]);

describe('B-W22a, B-W22b what a silent location ended, and what can be opened again', () => {
  test('a location that died is said with its time and how many sessions ended', () => {
    const ended = items.slice(0, 5).map(session);
    assert.deepEqual(told({ ended }, { reachability: silent }), [
      [
        'Zurich stopped answering at 10:42; 5 sessions ended',
        'Ledger, Mail, Case Files and 2 more. Open again what you need.',
        ['Design Studio'],
      ],
    ]);
    assert.deepEqual(told({ ended: ended.slice(0, 1) }, { reachability: silent }), [
      ['Zurich stopped answering at 10:42; 1 session ended', 'Ledger. It opens again when Zurich answers; Holdfast asks every 30 s.', []],
    ]);
  });

  test('when it answers again, what ended can be opened again', () => {
    const [strip] = told({ is: 'back', ended: items.slice(0, 4).map(session) });
    assert.equal(strip?.[0], 'Zurich answers again');
    assert.deepEqual(strip?.[2], ['Ledger', 'Mail', 'Case Files']);
  });
});

test('in an outage the banner tells of silent locations, and this strip of ended sessions alone', () => {
  assert.deepEqual(told({}, { portal: outage }), []);
  assert.equal(told({ ended: items.slice(0, 1).map(session) }, { portal: outage }).length, 1);
  assert.equal(told({})[0]?.[0], 'Zurich stopped answering at 10:42');
});
