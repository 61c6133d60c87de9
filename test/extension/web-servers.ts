/** Workspaces and sign-in providers as plain web servers on `name.localhost`, each answering, hanging or failing as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { MARKER_HEADER } from '#protocol/feed';
import { TYP } from '#protocol/jose';
import { PAGE_ATTRIBUTE, PAGE_CALL, PAGE_CONNECT } from '#protocol/page';

export type Way = 'answer' | 'hang' | '503' | 'captive' | 'form';

export interface Site {
  readonly origin: string;
  /** how pages answer */
  page: Way | 'sign-in' | 'portal';
  health: Way | 'identity-down';
  /** requests so far, the health document's apart */
  asked: number;
  close(): Promise<void>;
}
export interface Sites {
  site(name: string, page: Site['page'], health: Site['health']): Promise<Site>;
  /** an origin where nothing listens */
  refused(name: string): Promise<string>;
  readonly statement: string;
  /** where the way `sign-in` leads: it hangs */
  readonly login: Site;
  close(): Promise<void>;
}

/** A page that speaks to the extension as the portal does: it says the state in its address's hash, `online` without one. */
const PORTAL = `<!doctype html><title>portal</title><script>
const { port1, port2 } = new MessageChannel();
window.heard = [];
port1.onmessage = ({ data }) => window.heard.push(data);
let id = 0;
window.say = (type, body) => { id += 1; port1.postMessage({ v: 1, id, type, body }); return id; };
const marked = () => document.documentElement.hasAttribute('${PAGE_ATTRIBUTE}');
const connect = () => window.postMessage({ type: '${PAGE_CONNECT}', v: 1 }, location.origin, [port2]);
if (marked()) connect();
else {
  new MutationObserver((_, seen) => marked() && (seen.disconnect(), connect())).observe(document.documentElement, { attributes: true });
  fetch('${PAGE_CALL}').catch(() => undefined);
}
if (location.hash !== '#quiet') say('portalState', { state: location.hash.slice(1) || 'online' });
</script>`;

/** A sign-in form where they mostly stand. */
const FORM = `<!doctype html><title>Sign in</title><style>body{display:grid;place-content:center;height:90vh}</style>
<form><input autofocus></form>`;

/** Keeps the portal page for every start, as the portal's own service worker does. */
const WORKER = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const start = event.request.mode === 'navigate' && new URL(event.request.url).pathname === '/';
  if (start) event.respondWith(new Response(${JSON.stringify(PORTAL).replaceAll('</', '<\\/')}, { headers: { 'content-type': 'text/html' } }));
});`;

export async function openSites(): Promise<Sites> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA');
  const { x } = await exportJWK(publicKey);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: x ?? '' };
  const kid = await calculateJwkThumbprint(jwk);
  const sign = (typ: string, payload: object): Promise<string> =>
    new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', typ, kid }).sign(privateKey);
  const day = 86_400;
  const now = Math.floor(Date.now() / 1000);
  const statement = await sign(TYP.statement, {
    role: 'workspace',
    id: 'workspace',
    keys: { tls: kid, sign: jwk },
    iat: now - day,
    exp: now + day,
  });
  const servers: Server[] = [];
  let signIn = '';

  async function healthDocument(state: string): Promise<string> {
    return sign(TYP.health, { iss: 'workspace', now: Date.now(), identity: { state, since: Date.now() }, version: 1 });
  }

  async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = request.url ?? '/';
    const health = asked.startsWith('/.well-known/holdfast/health');
    const way = health ? site.health : site.page;
    if (!health) site.asked += 1;
    if (asked === '/worker.js' && way === 'portal') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(WORKER);
      return;
    }
    switch (way) {
      case 'hang':
        return;
      case '503':
        response.writeHead(503).end('no');
        return;
      case 'captive':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Pay for this network</title>');
        return;
      case 'form':
        response.writeHead(200, { 'content-type': 'text/html' }).end(FORM);
        return;
      case 'sign-in':
        response.writeHead(302, { location: `${signIn}/authorize` }).end();
        return;
      case 'portal':
        response.writeHead(200, { 'content-type': 'text/html', [MARKER_HEADER]: '1' }).end(PORTAL);
        return;
      default: {
        const text = await healthDocument(way === 'identity-down' ? 'down' : 'up');
        response.writeHead(200, { [MARKER_HEADER]: '1' }).end(text);
      }
    }
  }

  async function listen(name: string, handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<[Server, string]> {
    const server = createServer(handle);
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const address = server.address();
    return [server, `http://${name}.localhost:${typeof address === 'object' ? address?.port : 0}`];
  }

  async function site(name: string, page: Site['page'], healthWay: Site['health']): Promise<Site> {
    const [server, origin] = await listen(name, (request, response) => void answer(made, request, response));
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    const made: Site = { origin, page, health: healthWay, asked: 0, close };
    servers.push(server);
    return made;
  }

  const login = await site('login', 'hang', 'hang');
  signIn = login.origin;
  return {
    site,
    login,
    statement,
    async refused(name) {
      const gone = await site(name, 'hang', 'hang');
      await gone.close();
      return gone.origin;
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
