/** "About NAME": the facts of one resource, in plain words. */
import { openableOffline } from '#core/access/openable';
import type { AppState } from '../app/model.ts';
import { circumstancesOf } from './circumstances.ts';
import type { Item } from './list.ts';
import { ago, dated, noteOf, routeWords } from './words.ts';

/** Labels and what stands beside them, in order. */
export function aboutOf(item: Item, state: AppState): readonly (readonly [string, string])[] {
  const { ref, resource } = item;
  const { leases, reachability, now } = state;
  const from = state.feeds.get(ref.feed);
  const offline = from === undefined ? undefined : openableOffline(resource, circumstancesOf(state, ref.feed, from));
  const inOutage =
    offline === undefined || offline.can === 'wait'
      ? 'not known yet'
      : offline.can === 'open'
        ? 'Opens'
        : (noteOf(offline, now)?.first ?? '');
  const lease = leases?.get(item.key);
  const found: (readonly [string, string])[] = [];
  if (item.opens.can === 'not' && item.opens.reason.why !== 'web') found.push(['Now', noteOf(item.opens, now)?.first ?? '']);
  found.push(['In an outage', inOutage]);
  if (lease === undefined) return found;
  found.push(
    ['Access saved', dated(lease.iat * 1_000, now)],
    [lease.exp * 1_000 > now ? 'Lasts until' : 'Ended', dated(lease.exp * 1_000, now)],
  );
  const locations = lease.locations.map((id) => reachability.get(id)).filter((location) => location !== undefined);
  const path = locations.find(({ state: is }) => is === 'reachable');
  const checked = (path ?? locations[0])?.checkedAt;
  const ms = path?.roundTripMs === undefined ? '' : `, ${path.roundTripMs} ms`;
  if (path !== undefined) found.push(['Path', `${path.name}${path.route === undefined ? '' : `, ${routeWords(path.route)}`}${ms}`]);
  else found.push(['Path', locations.some(({ state: is }) => is === 'unreachable') ? 'none found' : 'not checked yet']);
  if (checked !== undefined) found.push(['Checked', ago(checked, now)]);
  return found;
}
