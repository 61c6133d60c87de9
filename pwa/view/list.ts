/** The list: which resources, in which groups, in which order. Tiles keep their place in an outage; filters hide, never move. */
import type { Openable } from '#core/access/openable';
import type { FeedResource } from '#protocol/feed';
import type { ResourceRef } from '#protocol/primitives';

export type Filter = 'all' | 'now' | 'app' | 'desktop' | 'web';

export interface Item {
  readonly ref: ResourceRef;
  /** `resourceKey` of it */
  readonly key: string;
  readonly resource: FeedResource;
  readonly opens: Openable;
}
export interface Group {
  readonly key: string;
  readonly name: string;
  readonly items: readonly Item[];
}

const KIND_GROUPS = { app: 'Apps', desktop: 'Desktops', web: 'Web apps' } as const;

export interface Wanted {
  readonly filter: Filter;
  readonly search: string;
  readonly favourites: ReadonlySet<string>;
}

/**
 * Favourites first, then apps, desktops and web apps, then the folders by name; inside a group by name. Each feed's items
 * come in that order already (`inOrder`), so only a group of several feeds has to be sorted.
 */
export function groupsOf(items: readonly Item[], { filter, search, favourites }: Wanted): readonly Group[] {
  const words = search
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  const groups = new Map<string, { name: string; rank: number; items: Item[] }>();
  for (const item of items) {
    if (!passes(item, filter) || !matches(item.resource, words)) continue;
    const { key, name, rank } = placeOf(item, favourites);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { name, rank, items: [item] });
    else group.items.push(item);
  }
  return [...groups]
    .sort(([, a], [, b]) => a.rank - b.rank || byName(a.name, b.name))
    .map(([key, group]) => ({
      key,
      name: group.name,
      items: severalFeeds(group.items)
        ? group.items.sort((a, b) => byName(a.resource.name, b.resource.name) || byName(a.key, b.key))
        : group.items,
    }));
}

export function countOf(items: readonly Item[], filter: Filter): number {
  return items.reduce((sum, item) => sum + (passes(item, filter) ? 1 : 0), 0);
}

/** The first `limit` items over all groups: those of the first paint. */
export function firstOf(groups: readonly Group[], limit: number): readonly Group[] {
  const shown: Group[] = [];
  let left = limit;
  for (const group of groups) {
    if (left <= 0) break;
    shown.push(group.items.length > left ? { ...group, items: group.items.slice(0, left) } : group);
    left -= group.items.length;
  }
  return shown;
}

function placeOf({ key, resource }: Item, favourites: ReadonlySet<string>): { key: string; name: string; rank: number } {
  if (favourites.has(key)) return { key: 'favourites', name: 'Favourites', rank: 0 };
  if (resource.folder !== undefined) return { key: `folder-${resource.folder}`, name: resource.folder, rank: 4 };
  const rank = { app: 1, desktop: 2, web: 3 }[resource.kind];
  return { key: resource.kind, name: KIND_GROUPS[resource.kind], rank };
}

function passes({ resource, opens }: Item, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'now':
      return opens.can === 'open';
    default:
      return resource.kind === filter;
  }
}

/** Every word somewhere in name, folder or location. */
function matches(resource: FeedResource, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const locations = resource.kind === 'web' ? '' : resource.locations.map(({ name }) => name).join(' ');
  const text = `${resource.name} ${resource.folder ?? ''} ${locations}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The resources of one feed in display order. Sorted once on arrival, so that the first paint sorts nothing. */
export function inOrder(resources: readonly FeedResource[]): FeedResource[] {
  return [...resources].sort((a, b) => byName(a.name, b.name) || byName(a.id, b.id));
}

function severalFeeds(items: readonly Item[]): boolean {
  return items.some(({ ref }) => ref.feed !== items[0]?.ref.feed);
}

let collator: Intl.Collator | undefined;

/** Created on first use, because that takes 7 ms. */
function byName(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  return collator.compare(a, b);
}
