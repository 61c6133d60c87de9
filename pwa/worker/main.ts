/**
 * The portal's service worker. It keeps the shell, the icons and the last list of every feed. Navigations are answered from the
 * precached shell only, so no redirect to a sign-in that may be dead is ever replayed.
 */

import * as v from 'valibot';
import { PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { StaleWhileRevalidate } from 'workbox-strategies';
import { ICON_CACHE } from '../bridges/storage-names.ts';
import { REFRESH_TAG, ToWorker } from '../bridges/worker-protocol.ts';
import { refreshFeeds } from './feed-keeper.ts';
import { FeedStrategy, feedAt } from './feed-strategy.ts';
import { keepShell, type Shell, shellCacheOf } from './shell.ts';
import { goStraight } from './static-routes.ts';
import { hearsWorkspace } from './witness.ts';
import { workspaceResponsesOnly } from './workspace-responses.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __HOLDFAST_SHELL: Shell };

// Injected by the build.
const built: Shell = self.__HOLDFAST_SHELL;
const shell = keepShell(self, built);
registerRoute(new PrecacheRoute(shell));
registerRoute(
  new NavigationRoute(shell.createHandlerBoundToURL('/'), { denylist: [/^\/(?:api|auth|icons|assets)\//u, /^\/\.well-known\//u] }),
);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/icons/'),
  new StaleWhileRevalidate({ cacheName: ICON_CACHE, plugins: [workspaceResponsesOnly('image/')] }),
);
registerRoute(({ url, sameOrigin }) => sameOrigin && feedAt(url) !== undefined, new FeedStrategy(self.clients));
goStraight(self, shellCacheOf(built));
// Claims the first visit too, whose lists were fetched without this worker.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim().then(refreshForNobody)));
// The type library does not know this event.
self.addEventListener('periodicsync', (event) => {
  if (event instanceof ExtendableEvent && Reflect.get(event, 'tag') === REFRESH_TAG) event.waitUntil(refreshFeeds(self.clients));
});

// A new version waits until every portal is closed, or until a page allows it: online and hidden.
self.addEventListener('message', (event) => {
  const said = v.safeParse(ToWorker, event.data);
  if (!said.success) return;
  switch (said.output.type) {
    case 'SKIP_WAITING':
      return void self.skipWaiting();
    case 'REFRESH':
      return event.waitUntil(refreshFeeds(self.clients));
    case 'WITNESS':
      return event.waitUntil(hearsWorkspace().then((hears) => event.ports[0]?.postMessage(hears)));
  }
});

/** An open page has its lists fetched itself where they are missing; one that was closed before this worker was ready cannot. */
async function refreshForNobody(): Promise<void> {
  if ((await self.clients.matchAll({ type: 'window' })).length === 0) await refreshFeeds(self.clients);
}
