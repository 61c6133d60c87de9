/** From the page's state to what `openable` needs to know, and to the list's items. */
import { type Circumstances, openable } from '#core/access/openable';
import { resourceKey } from '#core/access/resource-key';
import { unknownOf } from '#core/access/unknown';
import { type FeedState, shownOf } from '#core/machines/feed';
import type { PortalState } from '#core/machines/portal-states';
import type { FeedResource } from '#protocol/feed';
import type { AppState } from '../app/model.ts';
import type { Item } from './list.ts';

type Path = Circumstances['workspace'];

/** The input of `openable` for the resources of one feed. */
export function circumstancesOf(state: AppState, id: string, feed: FeedState): Circumstances {
  const { leases, reachability, refusals, denials, now } = state;
  const web = portalPath(state.portal);
  const workspace = web === 'live' ? feedPath(feed) : web;
  return { feed: id, workspace, web, host: state.host.path, leases, reachability, refusals, denials, now };
}

/**
 * All resources on the screen, feed by feed, each with whether it opens now; also what a lease opens and no list names, in an outage and while
 * what decides about it is not known of the person.
 */
export function itemsOf(state: AppState): readonly Item[] {
  const items: Item[] = [];
  for (const [id, feed] of state.feeds) {
    const now = circumstancesOf(state, id, feed);
    for (const resource of shownOf(feed)?.resources ?? []) {
      const ref = { feed: id, id: resource.id };
      items.push({ ref, key: resourceKey(ref), resource, opens: openable(resource, now) });
    }
  }
  const isOutage = portalPath(state.portal) === 'gone' && state.portal.is !== 'signing-in';
  const isUndecided = state.session !== undefined && unknownOf(state.session.user).length > 0;
  return isOutage || isUndecided ? [...items, ...unlisted(state, new Set(items.map(({ key }) => key)))] : items;
}

/** The issuer signed each lease, and nobody the list: a list that came out shorter or empty takes nothing away that a lease opens. */
function unlisted({ leases, reachability, refusals, denials, host, now }: AppState, listed: ReadonlySet<string>): readonly Item[] {
  const items: Item[] = [];
  for (const [key, lease] of leases ?? []) {
    if (lease.state !== 'valid' || listed.has(key)) continue;
    const { resource: ref, name, kind, protocol } = lease;
    const [first, ...others] = lease.locations.map((id) => ({ id, name: reachability.get(id)?.name ?? id }));
    if (first === undefined) continue;
    const resource: FeedResource = { id: ref.id, name, kind, protocol, locations: [first, ...others], leasable: true };
    const known: Circumstances = {
      feed: ref.feed,
      workspace: 'gone',
      web: 'gone',
      host: host.path,
      leases,
      reachability,
      refusals,
      denials,
      now,
    };
    items.push({ ref, key, resource, opens: openable(resource, known) });
  }
  return items;
}

function portalPath(portal: PortalState): Path {
  switch (portal.is) {
    case 'online':
    case 'degraded':
      return 'live';
    case 'starting':
      return 'unknown';
    // Reconnecting keeps the former state: nothing undims on a guess.
    case 'reconnecting':
      return portal.from === 'degraded' ? 'live' : 'gone';
    case 'signing-in':
    case 'offline':
      return 'gone';
  }
}

function feedPath(feed: FeedState): Path {
  if (feed.is === 'live') return 'live';
  // A retry after a failure leaves the tiles unchanged until there is an answer.
  const firstAnswerAwaited = (feed.is === 'loading' && feed.attempt === 0) || (feed.is === 'cached' && feed.cause === undefined);
  return firstAnswerAwaited ? 'unknown' : 'gone';
}
