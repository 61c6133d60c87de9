/** What the list offers before and around its tiles: filters, how many tiles the first paint has, and what an empty one says. */
import type { AppState } from '../app/model.ts';
import type { Filter, Item } from './list.ts';

const FILTERS: readonly (readonly [Filter, string])[] = [
  ['all', 'All'],
  ['now', 'Opens now'],
  ['app', 'Apps'],
  ['desktop', 'Desktops'],
  ['web', 'Web apps'],
];

/** "Opens now" makes a difference in an outage only; whoever has chosen it keeps it. */
export function filtersOf({ portal, filter }: Pick<AppState, 'portal' | 'filter'>): readonly (readonly [Filter, string])[] {
  const outage = portal.is === 'offline' || portal.is === 'reconnecting';
  return FILTERS.filter(([one]) => one !== 'now' || outage || filter === 'now');
}

/** Why no tile is there. */
export function nothingShown({ feeds }: Pick<AppState, 'feeds'>, items: readonly Item[]): string {
  if (items.length > 0) return 'No match. Try fewer letters or another filter.';
  const asking = [...feeds.values()].some((feed) => feed.is === 'loading');
  return asking ? 'Your list is on its way.' : 'Nothing is published to you.';
}

/** Height of a tile with its gap, and the minimum height above the first tile. CSS pixels. */
const TILE = { width: 308, height: 78 };
const ABOVE = 200;
/** The list grows no wider than this (styles/portal.css, `.page`). CSS pixels. */
const LIST_WIDTH = 1_200;

/** Tiles of the first paint: those visible in a window of this size, rounded up. */
export function tilesIn(width: number, height: number): number {
  const columns = Math.max(1, Math.floor(Math.min(width, LIST_WIDTH) / TILE.width));
  return columns * Math.max(1, Math.ceil((height - ABOVE) / TILE.height));
}
