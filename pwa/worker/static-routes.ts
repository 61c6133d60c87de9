/**
 * Requests that the worker would only forward, or answer from the shell's cache, bypass it where the browser can do that:
 * they need not wait for it to start.
 */
export function goStraight(scope: ServiceWorkerGlobalScope, shellCache: string): void {
  scope.addEventListener('install', (event) => {
    if (!('addRoutes' in event) || typeof event.addRoutes !== 'function') return;
    const routes = [
      // The first rule that fits counts.
      { condition: { urlPattern: { pathname: '/api/v1/feeds/*' } }, source: 'fetch-event' },
      ...['/api/*', '/auth/*', '/.well-known/*'].map((pathname) => ({ condition: { urlPattern: { pathname } }, source: 'network' })),
      // A URL with a query is not in the cache under that name, and would be requested from a Workspace that may be down.
      ...['/', '/assets/*'].map((pathname) => ({
        condition: { urlPattern: { pathname, search: '' }, requestMethod: 'GET' },
        source: { cacheName: shellCache },
      })),
    ];
    // A browser with another version of the API rejects the rule; requests then go through the worker.
    event.waitUntil(Promise.resolve(event.addRoutes(routes)).catch(() => undefined));
  });
}
