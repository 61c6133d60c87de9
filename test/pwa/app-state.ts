/** A portal's state for the tests of its words: two feeds, one lease, everything kept. */
import { NO_LOSSES } from '#core/access/losses';
import type { FeedState } from '#core/machines/feed';
import type { PortalState } from '#core/machines/portal-states';
import { detailsOf } from '#protocol/details';
import type { LeaseState } from '#protocol/host';
import type { AppState } from '../../pwa/app/model.ts';
import { readinessOf } from '../../pwa/view/readiness.ts';
import { wordsFor } from '../../pwa/view/sentences.ts';
import { documentsOf, sessionOf } from './people.ts';

export const NOW = new Date(2026, 10, 21, 11, 4).getTime();
export const SINCE = new Date(2026, 10, 21, 10, 42).getTime();
const MARA = 'mara-keller-1';
const [firstFeed, secondFeed] = documentsOf(MARA, new Date(2026, 10, 21, 10, 41).getTime());
// Browsers read this file, too: nothing of Node is in it.
if (firstFeed === undefined || secondFeed === undefined) throw new Error('two lists');
export const apps = firstFeed;
export const web = secondFeed;
const lease: LeaseState = {
  resource: { feed: 'apps', id: 'ledger' },
  name: 'Ledger',
  protocol: 'rdp',
  state: 'valid',
  kind: 'app',
  iat: 0,
  exp: NOW / 1_000 + 5 * 86_400,
  locations: ['zurich'],
};

export function stateWith(portal: PortalState, change: Partial<AppState> = {}): AppState {
  return {
    now: NOW,
    portal,
    known: sessionOf(MARA, 'Mara Keller', 'https://workspace.example'),
    unsure: false,
    signedOut: undefined,
    session: undefined,
    feeds: new Map<string, FeedState>([
      ['apps', { is: 'live', document: apps }],
      ['web', { is: 'live', document: web }],
    ]),
    unsaved: false,
    kept: { shell: true, lists: new Set(['apps', 'web']) },
    disk: 'writable',
    host: { path: 'ready', error: undefined },
    leases: new Map([['apps/ledger', lease]]),
    reachability: new Map([['zurich', { location: 'zurich', name: 'Zurich', state: 'reachable', route: 'direct', roundTripMs: 2 }]]),
    sync: undefined,
    saving: false,
    refusals: new Map(),
    denials: new Map(),
    sessions: [],
    losses: NO_LOSSES,
    notices: undefined,
    ownDevice: undefined,
    devicesSeen: 0,
    groupsNoticeAway: false,
    launch: undefined,
    evidence: [{ hop: 'Workspace', cause: 'timeout', first: SINCE, last: NOW }],
    favourites: new Set(),
    filter: 'all',
    search: '',
    theme: 'system',
    singleKeys: true,
    words: wordsFor,
    details: detailsOf,
    readiness: readinessOf,
    said: '',
    ...change,
  };
}
