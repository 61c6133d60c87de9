/**
 * The provider's description of itself. The Workspace's probe asks for it all the time, and it is answered past everything else, so it is kept
 * once the library has made it: it never changes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';

export const DISCOVERY = '/.well-known/openid-configuration';

/** Answers a request for it; false: not one, or it was not made yet. */
export function keepDiscovery(provider: Provider): (request: IncomingMessage, response: ServerResponse) => boolean {
  let text: string | undefined;
  provider.use(async (context, next) => {
    await next();
    if (context.path === DISCOVERY && context.status === 200) text = JSON.stringify(context.body);
  });
  return ({ method, url }, response) => {
    if (text === undefined || method !== 'GET' || url !== DISCOVERY) return false;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text);
    return true;
  };
}
