/** Fetches, judges and keeps lists, with or without a page. Only a good list of the device's owner is kept (B-W20). */
import type { FeedDocument, FeedResource } from '#protocol/feed';
import type { Answer } from '../bridges/answer.ts';
import { copyText } from '../bridges/copy.ts';
import { type FeedVerdict, judgeFeed } from '../bridges/judge-feed.ts';
import { isFull, readOwner } from '../bridges/owner.ts';
import { PATIENCE_MS, receive } from '../bridges/receive.ts';
import { FEED_CACHE, ICON_CACHE, placeOf } from '../bridges/storage-names.ts';
import type { ToPage } from '../bridges/worker-protocol.ts';
import { isWorkspaceResponse } from '../bridges/workspace-response.ts';
import { inOrder } from '../view/list.ts';

/** The worker's `clients`, as far as they are told what happened. */
export interface Pages {
  matchAll(which: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<readonly { postMessage(said: ToPage): void }[]>;
}

/** Icons fetched at a time. */
const ICONS_AT_ONCE = 4;

/** `undefined`: nobody's lists may be kept, so there is nothing to judge by. */
export async function judgeForOwner(answer: Answer, feed: string): Promise<FeedVerdict | undefined> {
  const owner = await readOwner();
  return owner === undefined ? undefined : judgeFeed(answer, feed, owner.subject);
}

/** Never fails: what cannot be kept is told to the pages. */
export async function keepFeed(pages: Pages, document: FeedDocument): Promise<void> {
  const { subject, feed } = document;
  const place = placeOf(subject, feed);
  try {
    const cache = await caches.open(FEED_CACHE);
    const text = copyText({ ...document, resources: inOrder(document.resources) }, Date.now());
    await cache.put(place, new Response(text, { headers: { 'content-type': 'application/json' } }));
    const owner = await readOwner();
    if (owner?.subject !== subject || !owner.feeds.includes(feed)) {
      await cache.delete(place);
      return;
    }
    await tellPages(pages, { type: 'saved', saved: true });
  } catch (error) {
    // The older copy is still there: a put is all or nothing.
    if (isFull(error)) await tellPages(pages, { type: 'saved', saved: false });
    return;
  }
  await keepIcons(document.resources);
}

/** Every list of the owner, as when a page asked. Copies of anybody else, left by a worker that was stopped, go. */
export async function refreshFeeds(pages: Pages): Promise<void> {
  const owner = await readOwner();
  if (owner === undefined) return void (await caches.delete(FEED_CACHE));
  await Promise.all(owner.feeds.map((feed) => refresh(pages, feed)));
}

async function refresh(pages: Pages, feed: string): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_MS);
  const asked = fetch(`/api/v1/feeds/${feed}`, { cache: 'no-cache', redirect: 'manual', signal: late });
  const verdict = await judgeForOwner(await receive(asked, late), feed);
  if (verdict?.is !== 'document') return;
  await Promise.all([keepFeed(pages, verdict.document), tellPages(pages, { type: 'document', document: verdict.document })]);
}

export async function tellPages(pages: Pages, said: ToPage): Promise<void> {
  for (const page of await pages.matchAll({ type: 'window', includeUncontrolled: true })) page.postMessage(said);
}

async function keepIcons(resources: readonly FeedResource[]): Promise<void> {
  const cache = await caches.open(ICON_CACHE);
  const have = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const wanted = [...new Set(resources.flatMap(({ icon }) => (icon === undefined || have.has(icon) ? [] : [icon])))];
  while (wanted.length > 0) await Promise.all(wanted.splice(0, ICONS_AT_ONCE).map((icon) => keepIcon(cache, icon)));
}

async function keepIcon(cache: Cache, path: string): Promise<void> {
  try {
    const icon = await fetch(path, { redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (isWorkspaceResponse(icon) && icon.status === 200 && icon.headers.get('content-type')?.startsWith('image/'))
      await cache.put(path, icon);
  } catch {
    // The tile then shows the drawing of its kind; the next refresh tries again.
  }
}
