/** How a feed is answered: by the Workspace within the feed's deadline, else by the kept copy with the cause. */
import { Strategy, type StrategyHandler } from 'workbox-strategies';
import { FEED_SETTINGS } from '#core/machines/feed';
import type { Failed } from '../bridges/answer.ts';
import { readOwner } from '../bridges/owner.ts';
import { PATIENCE_MS, receive } from '../bridges/receive.ts';
import { FEED_CACHE, placeOf } from '../bridges/storage-names.ts';
import { COPY_HEADER } from '../bridges/worker-protocol.ts';
import { judgeForOwner, keepFeed, type Pages, tellPages } from './feed-keeper.ts';

const PATH = /^\/api\/v1\/feeds\/([^/]+)$/u;

export function feedAt({ pathname }: URL): string | undefined {
  return PATH.exec(pathname)?.[1];
}

/**
 * Only a good list replaces the copy. An empty one is passed on: the page removes the copy when the session confirms it. One that
 * comes after the deadline is still kept, and sent to the pages.
 */
export class FeedStrategy extends Strategy {
  readonly #pages: Pages;

  constructor(pages: Pages) {
    super({ cacheName: FEED_CACHE });
    this.#pages = pages;
  }

  protected async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    const feed = feedAt(new URL(request.url)) ?? '';
    const late = AbortSignal.timeout(PATIENCE_MS);
    let passed: Response | undefined;
    // Not the page's own signal: a page that is closed meanwhile still has its list kept.
    const asked = handler.fetch(new Request(request, { signal: late })).then((response) => {
      passed = response.clone();
      return response;
    });
    let answered = false;
    const judged = receive(asked, late).then((answer) => judgeForOwner(answer, feed));
    const kept = judged.then(async (verdict) => {
      if (verdict?.is !== 'document') return;
      if (answered) await tellPages(this.#pages, { type: 'document', document: verdict.document });
      await keepFeed(this.#pages, verdict.document);
    });
    void handler.waitUntil(kept);
    const verdict = await Promise.race([judged, deadline()]);
    answered = true;
    if (passed !== undefined && verdict?.is !== 'failed') return passed;
    const cause = verdict?.is === 'failed' ? verdict.cause : 'network';
    const owner = await readOwner();
    const copy = owner === undefined ? undefined : await handler.cacheMatch(placeOf(owner.subject, feed));
    if (copy !== undefined) return new Response(copy.body, { headers: { [COPY_HEADER]: cause } });
    if (passed !== undefined && cause !== 'timeout') return passed;
    return new Response(null, { status: 504, headers: { [COPY_HEADER]: cause } });
  }
}

function deadline(): Promise<Failed> {
  return new Promise((resolve) => setTimeout(() => resolve({ is: 'failed', cause: 'timeout' }), FEED_SETTINGS.deadlineMs));
}
