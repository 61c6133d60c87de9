/** P1's floor: the portal's own tiles as one page without a script, which the browser answers from a worker's cache without starting it. */
import { type MoodySite, startMoodySite } from './moody-site.ts';
import type { Snapshot } from './snapshot.ts';

/** Where the worker is installed: the page itself has nothing to do it with. */
export const INSTALL_PATH = '/install';

const INSTALL = `<!doctype html><meta charset="utf-8"><title>Install</title><script>navigator.serviceWorker.register('/worker.js')</script>`;
const WORKER = `
addEventListener('install', (event) => {
  const keep = async () => (await caches.open('page')).add('/');
  event.waitUntil(keep());
  event.addRoutes?.([{ condition: { urlPattern: { pathname: '/' }, requestMethod: 'GET' }, source: { cacheName: 'page' } }]);
  skipWaiting();
});
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname === '/') event.respondWith(caches.match('/').then((kept) => kept ?? fetch(event.request)));
});
`;

export function startStaticPage({ before, tiles, after }: Snapshot): Promise<MoodySite> {
  return startMoodySite('floor', {
    '/': ['text/html; charset=utf-8', `${before}${tiles.join('')}${after}`],
    [INSTALL_PATH]: ['text/html; charset=utf-8', INSTALL],
    '/worker.js': ['text/javascript', WORKER],
  });
}
