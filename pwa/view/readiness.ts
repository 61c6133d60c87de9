/**
 * Whether this device is ready for an outage: a list of checks, in the order of what hides what. The first that fails is the sentence.
 * Before them all comes what keeps anything from opening, a host or a disk: `strip.ts`.
 */
import { openableOffline } from '#core/access/openable';
import { shownOf } from '#core/machines/feed';
import { wholeLine } from '#protocol/words';
import type { AppState } from '../app/model.ts';
import { circumstancesOf } from './circumstances.ts';
import type { Item } from './list.ts';
import { live, notLookedYet, type Readiness } from './ready.ts';
import { dated } from './words.ts';

/** undefined: it holds */
type Check = (state: AppState, items: readonly Item[]) => Readiness | undefined;

const notReady = (title: string, text: string): Readiness => ({ is: 'not-ready', title, text });
const NOT_YET = 'Not ready for an outage yet';

const listsFit: Check = ({ unsaved }) =>
  unsaved ? notReady('Your list couldn’t be saved on this device', 'The browser’s storage is full.') : undefined;

const continuityIsOn: Check = ({ known }) =>
  known?.continuity.enabled === false ? live('Your administrator has not turned on saved access for outages.') : undefined;

const keptWasLooked: Check = ({ kept }) => (kept === undefined ? notLookedYet() : undefined);

const pageIsKept: Check = ({ kept }) =>
  kept?.shell === false
    ? notReady(NOT_YET, 'This page is not saved on this device. If that stays, the browser’s storage is full or turned off.')
    : undefined;

const listsAreKept: Check = ({ known, kept, feeds }) => {
  const lost = known?.feeds.find(({ id }) => {
    const feed = feeds.get(id);
    // An empty list needs no copy.
    return kept?.lists.has(id) === false && feed !== undefined && (shownOf(feed)?.resources.length ?? 0) > 0;
  });
  return lost === undefined
    ? undefined
    : notReady(NOT_YET, `The list of ${lost.name} is not saved on this device. If that stays, the browser’s storage is full.`);
};

const syncHasWorked: Check = ({ sync, words }) =>
  sync?.state === 'failed'
    ? notReady('Your access could not be saved for outages', sync.error === undefined ? 'Try again later.' : wholeLine(words(sync.error)))
    : undefined;

/** What may still come is not called missing. */
const leasesAreThere: Check = ({ leases, saving }) => {
  if (leases === undefined || (leases.size === 0 && saving)) return notLookedYet();
  return leases.size === 0 ? live('No access is saved on this device for an outage yet.') : undefined;
};

const somethingOpens: Check = (state, items) =>
  items.length > 0 && wouldOpen(state, items) === 0
    ? notReady(NOT_YET, 'Access is saved on this device, but nothing would open with it. “About” of each resource says why.')
    : undefined;

const CHECKS: readonly Check[] = [
  listsFit,
  continuityIsOn,
  keptWasLooked,
  pageIsKept,
  listsAreKept,
  syncHasWorked,
  leasesAreThere,
  somethingOpens,
];

/** Of a person who is online. */
export const readinessOf: AppState['readiness'] = (state, items) => {
  for (const check of CHECKS) {
    const failed = check(state, items);
    if (failed !== undefined) return failed;
  }
  return { is: 'ready', title: 'Ready for an outage', text: readyWords(state, items) };
};

function wouldOpen(state: AppState, items: readonly Item[]): number {
  return items.filter(({ ref, resource }) => {
    const from = state.feeds.get(ref.feed);
    return from !== undefined && openableOffline(resource, circumstancesOf(state, ref.feed, from)).can === 'open';
  }).length;
}

function readyWords(state: AppState, items: readonly Item[]): string {
  const ends = [...(state.leases?.values() ?? [])]
    .filter((lease) => lease.state === 'valid')
    .map((lease) => lease.exp * 1_000)
    .sort((a, b) => a - b);
  const middle = ends[Math.floor(ends.length / 2)];
  const until = middle === undefined ? '' : ` Most of the access saved on this device lasts until ${dated(middle, state.now)}.`;
  return `${wouldOpen(state, items)} of ${items.length} resources would still open.${until}`;
}
