/** The only door to Cache Storage: one entry a feed and user, with the time it was kept; and the icons that the lists name. */
import * as v from 'valibot';
import { FeedDocument, type FeedResource } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import { readKept } from './feed-preload.ts';
import { FEED_CACHE, ICON_CACHE, placeOf } from './storage-names.ts';
import { isWorkspaceResponse } from './workspace-response.ts';

/** Icons asked for at a time while they are kept for an outage. */
const ICONS_AT_ONCE = 4;

export interface FeedCopies {
  /** `undefined`: none, or another person's, or unreadable */
  read(subject: string, feed: string): Promise<FeedDocument | undefined>;
  keep(document: FeedDocument): Promise<void>;
  remove(subject: string, feed: string): Promise<void>;
  /** everything kept for this person, and the icons */
  removeAll(subject: string): Promise<void>;
  keepIcons(resources: readonly FeedResource[]): Promise<void>;
}

/** The resources were parsed one by one before they were kept, by this very shape; to do it again would delay the first picture. */
const Kept = v.object({
  keptAt: v.number(),
  document: v.object({ ...FeedDocument.entries, resources: v.custom<FeedResource[]>(Array.isArray) }),
});

export function openFeedCopies(now: () => number): FeedCopies {
  return {
    read: async (subject, feed) => {
      const kept = await readKept(placeOf(subject, feed));
      if (kept === undefined) return undefined;
      try {
        const { document } = parseJson(Kept, kept, LIMITS.feedBytes);
        return document.subject === subject && document.feed === feed ? document : undefined;
      } catch {
        return undefined;
      }
    },
    keep: async (document) => {
      const body = JSON.stringify({ keptAt: now(), document });
      const cache = await caches.open(FEED_CACHE);
      await cache.put(placeOf(document.subject, document.feed), new Response(body, { headers: { 'content-type': 'application/json' } }));
    },
    remove: async (subject, feed) => {
      await (await caches.open(FEED_CACHE)).delete(placeOf(subject, feed));
    },
    removeAll: async (subject) => {
      const cache = await caches.open(FEED_CACHE);
      const theirs = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(placeOf(subject, '')));
      await Promise.all([...theirs.map((key) => cache.delete(key)), caches.delete(ICON_CACHE)]);
    },
    keepIcons: async (resources) => {
      const cache = await caches.open(ICON_CACHE);
      const have = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
      const wanted = [...new Set(resources.flatMap(({ icon }) => (icon === undefined || have.has(icon) ? [] : [icon])))];
      while (wanted.length > 0) await Promise.all(wanted.splice(0, ICONS_AT_ONCE).map((icon) => keepIcon(cache, icon)));
    },
  };
}

async function keepIcon(cache: Cache, path: string): Promise<void> {
  try {
    const icon = await fetch(path, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    if (isWorkspaceResponse(icon) && icon.status === 200 && icon.headers.get('content-type')?.startsWith('image/'))
      await cache.put(path, icon);
  } catch {
    // The tile then shows the drawing of its kind; the next visit tries again.
  }
}
