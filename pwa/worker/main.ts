/**
 * The portal's service worker. It keeps the shell and the icons, nothing else: feeds are kept by the page itself, and
 * navigations are answered from the precached shell only, so no redirect to a sign-in that may be dead is ever replayed.
 */
import { PrecacheRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { StaleWhileRevalidate } from 'workbox-strategies';
import { ICON_CACHE } from '../bridges/kept-names.ts';
import { oursOnly } from './ours-only.ts';
import { keepShell, type Shell, shellCacheOf } from './shell.ts';
import { goStraight } from './static-routes.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __HOLDFAST_SHELL: Shell };

// Filled in by the build.
const built: Shell = self.__HOLDFAST_SHELL;
const shell = keepShell(self, built);
registerRoute(new PrecacheRoute(shell));
registerRoute(
  new NavigationRoute(shell.createHandlerBoundToURL('/'), { denylist: [/^\/(?:api|auth|icons|assets)\//u, /^\/\.well-known\//u] }),
);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/icons/'),
  new StaleWhileRevalidate({ cacheName: ICON_CACHE, plugins: [oursOnly('image/')] }),
);
goStraight(self, shellCacheOf(built));
// The first visit is served by this worker too, so that its icons are kept.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version waits until every portal is closed, or until the page says so: online, and nobody looking.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});
