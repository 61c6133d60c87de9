/** Requests that the worker would only pass on go past it, where the browser can do that: they need not wait for it to start. */
export function networkFirstHand(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('install', (event) => {
    if (!('addRoutes' in event) || typeof event.addRoutes !== 'function') return;
    const routes = ['/api/*', '/auth/*', '/.well-known/*'].map((pathname) => ({
      condition: { urlPattern: { pathname } },
      source: 'network',
    }));
    // A browser that knows another shape of the rule refuses it; requests then take the way through the worker.
    event.waitUntil(Promise.resolve(event.addRoutes(routes)).catch(() => undefined));
  });
}
