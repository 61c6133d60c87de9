/** The page's door to Cache Storage: reads the copies, says whose they may be, and removes them. The worker alone writes them. */
import type { FeedDocument } from '#protocol/feed';
import { copyOf } from './copy.ts';
import { readKept } from './feed-preload.ts';
import { type Owner, readOwner, removeOwner, writeOwner } from './owner.ts';
import { FEED_CACHE, ICON_CACHE, placeOf } from './storage-names.ts';

export interface FeedCopies {
  /** `undefined`: none, or another person's, or unreadable */
  read(subject: string, feed: string): Promise<FeedDocument | undefined>;
  /** of these feeds, those with a readable copy in the cache as it is now */
  kept(subject: string, feeds: readonly string[]): Promise<ReadonlySet<string>>;
  /** From now on only this person's lists may be kept; any other copy goes. Says what stood there before: unless `same`, lists are missing. */
  own(owner: Owner): Promise<'same' | 'other' | 'none'>;
  remove(subject: string, feed: string): Promise<void>;
  /** everything kept for this person, and the icons */
  removeAll(subject: string): Promise<void>;
}

export function openFeedCopies(): FeedCopies {
  return {
    read: async (subject, feed) => {
      const kept = await readKept(placeOf(subject, feed));
      return kept === undefined ? undefined : copyOf(kept, subject, feed);
    },
    kept: async (subject, feeds) => {
      const cache = await caches.open(FEED_CACHE);
      const found = feeds.map(async (feed) => {
        const text = await (await cache.match(placeOf(subject, feed)))?.text();
        return text !== undefined && copyOf(text, subject, feed) !== undefined;
      });
      const there = await Promise.all(found);
      return new Set(feeds.filter((_, index) => there[index]));
    },
    own: async (owner) => {
      const before = await readOwner();
      if (before?.subject === owner.subject && before.feeds.join() === owner.feeds.join()) return 'same';
      await writeOwner(owner);
      const theirs = new Set(owner.feeds.map((feed) => placeOf(owner.subject, feed)));
      await removeWhere((place) => !theirs.has(place));
      return before === undefined ? 'none' : 'other';
    },
    remove: (subject, feed) => removeWhere((place) => place === placeOf(subject, feed)),
    removeAll: async (subject) => {
      // The owner first: a write that the worker has begun sees it gone, and takes itself back.
      if ((await readOwner())?.subject === subject) await removeOwner();
      await Promise.all([removeWhere((place) => place.startsWith(placeOf(subject, ''))), caches.delete(ICON_CACHE)]);
    },
  };
}

async function removeWhere(goes: (place: string) => boolean): Promise<void> {
  const cache = await caches.open(FEED_CACHE);
  const gone = (await cache.keys()).filter(({ url }) => goes(new URL(url).pathname));
  await Promise.all(gone.map((key) => cache.delete(key)));
}
