/** From the page's state to what `openable` needs to know, and to the list's items. */
import { type Circumstances, openable } from '#core/access/openable';
import { resourceKey } from '#core/access/resource-key';
import { type FeedState, shownOf } from '#core/machines/feed';
import type { PortalState } from '#core/machines/portal';
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

/** All resources on the screen, feed by feed, each with whether it opens now. */
export function itemsOf(state: AppState): readonly Item[] {
  const items: Item[] = [];
  for (const [id, feed] of state.feeds) {
    const now = circumstancesOf(state, id, feed);
    for (const resource of shownOf(feed)?.resources ?? []) {
      const ref = { feed: id, id: resource.id };
      items.push({ ref, key: resourceKey(ref), resource, opens: openable(resource, now) });
    }
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
