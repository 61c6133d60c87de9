/**
 * Requests that the worker would only pass on, or answer from the shell's cache, go past it where the browser can do that:
 * they need not wait for it to start.
 */
export function goStraight(scope: ServiceWorkerGlobalScope, shellCache: string): void {
  scope.addEventListener('install', (event) => {
    if (!('addRoutes' in event) || typeof event.addRoutes !== 'function') return;
    const routes = [
      ...['/api/*', '/auth/*', '/.well-known/*'].map((pathname) => ({ condition: { urlPattern: { pathname } }, source: 'network' })),
      // An address with a query is not in the cache under that name, and would be asked of a Workspace that may be dead.
      ...['/', '/assets/*'].map((pathname) => ({
        condition: { urlPattern: { pathname, search: '' }, requestMethod: 'GET' },
        source: { cacheName: shellCache },
      })),
    ];
    // A browser that knows another shape of the rule refuses it; requests then take the way through the worker.
    event.waitUntil(Promise.resolve(event.addRoutes(routes)).catch(() => undefined));
  });
}
