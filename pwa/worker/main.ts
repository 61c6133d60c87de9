/**
 * The portal's service worker. It keeps the shell and the icons, nothing else: feeds are kept by the page itself, and
 * navigations are answered from the precached shell only, so no redirect to a sign-in that may be dead is ever replayed.
 */
import { PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { StaleWhileRevalidate } from 'workbox-strategies';
import { ICON_CACHE } from '../bridges/storage-names.ts';
import { keepShell, type Shell, shellCacheOf } from './shell.ts';
import { goStraight } from './static-routes.ts';
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
goStraight(self, shellCacheOf(built));
// Claims the first visit too, so that its icons are cached.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version waits until every portal is closed, or until a page allows it: online and hidden.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});
