/**
 * The embedded identity provider. Plain HTTP behind TLS or a trusted proxy in production, or on loopback.
 *
 *   GET  /interaction/:uid   the sign-in page
 *   POST /interaction/:uid   what the person entered
 *   *                        OpenID Connect
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { describeError, HoldfastError, toWireError } from '#protocol/errors';
import { CORRELATION_HEADER, MARKER_HEADER } from '#protocol/feed';
import { VERSION } from '#protocol/limits';
import type { IdentityConfig } from '#protocol/service-config';
import { wordsOf } from '#protocol/words';
import { people } from '#protocol/words/language';
import { dearWork } from '#runtime/budget/dear-work';
import { sourceKey } from '#runtime/budget/source';
import { openCookies } from '#runtime/http/cookies';
import { correlationIdOf } from '#runtime/http/correlation';
import { openFront } from '#runtime/http/front';
import { guardOf } from '#runtime/http/guard';
import { listenAt } from '#runtime/listen';
import { lineBudget } from '#runtime/log/line-budget';
import { refusalFields } from '#runtime/log/refusals';
import type { RunningService, ServiceContext } from '#runtime/service/run';
import { keptSecret } from '#runtime/sql/kept-secret';
import { openBegun } from './begun.ts';
import { DISCOVERY, keepDiscovery } from './discovery.ts';
import { type SignIn, showSignIn, takeSignIn } from './handlers/sign-in.ts';
import { openLockout } from './lockout.ts';
import { clientOrigins, openProvider, problemPage } from './provider.ts';
import { openUsers } from './sources/sources.ts';
import { openStore, removeExpired } from './store.ts';

/** ms */
const CLEAN_MS = 600_000;
const REQUEST_MS = 10_000;
const HEAD_MS = 5_000;
/** requests served at once */
const IN_WORK_MAX = 512;
/** passwords checked at once: scrypt takes a thread of Node's four for 50 ms, and one is left for everything else */
const CHECKS_AT_ONCE = 3;

export async function start(config: IdentityConfig, { log, metrics, signal }: ServiceContext): Promise<RunningService> {
  const store = await openStore(config.database, log);
  const users = openUsers(config);
  const cookieKey = await keptSecret(store, 'identity_secret', 'cookie-key', () => randomBytes(32).toString('base64url'));
  const secure = config.publicUrl.startsWith('https:');
  const now = () => Date.now();
  const begun = openBegun({ key: cookieKey, secure, now });
  const provider = await openProvider(config, { store, users, begun, cookieKey });
  provider.on('server_error', (_context, err) => log.error({ err }, 'Internal error.'));
  const front = openFront(config);
  const signIn: SignIn = {
    provider,
    users,
    lockout: openLockout(store, { cookies: openCookies(secure), key: cookieKey, now }),
    checking: dearWork(CHECKS_AT_ONCE),
    sourceOf: (request) => sourceKey(front.clientOf(request)),
    clientOrigins: clientOrigins(config),
    log,
    linesOf: lineBudget(log),
    counted: metrics.counter('holdfast_sign_ins_total', 'Sign-ins by outcome.', ['outcome']),
  };
  const answerDiscovery = keepDiscovery(provider);
  const routes = routesOf(signIn);
  const openId = provider.callback();
  const { protocol } = new URL(config.publicUrl);

  const guard = guardOf({ log, metrics, inWorkMax: IN_WORK_MAX, always: [DISCOVERY], clientOf: front.clientOf, headers: front.headers });
  const answer: RequestListener = (request, response) => {
    const correlationId = correlationIdOf(request.headers[CORRELATION_HEADER]);
    request.headers[CORRELATION_HEADER] = correlationId;
    response.setHeader(MARKER_HEADER, String(VERSION.workspaceApi));
    response.setHeader(CORRELATION_HEADER, correlationId);
    for (const [name, value] of Object.entries(front.headers)) response.setHeader(name, value);
    try {
      front.check(request);
    } catch (thrown) {
      return refuse(signIn, thrown, request, response, correlationId);
    }
    // The provider builds its URLs from these: always from the configuration, whatever a proxy says.
    delete request.headers['x-forwarded-host'];
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    const route = routes.find(({ method, path }) => request.method === method && path.test(request.url ?? ''));
    const work = () => {
      try {
        guard.work(request, response);
        return true;
      } catch (thrown) {
        refuse(signIn, thrown, request, response, correlationId);
        return false;
      }
    };
    // A form that is half sent holds an open connection and nothing else.
    if (request.method === 'POST') request.once('end', work);
    else if (!work()) return;
    begun.within(request, response, () => {
      if (answerDiscovery(request, response)) return;
      if (route === undefined) return openId(request, response);
      route.handle(request, response).catch((thrown: unknown) => refuse(signIn, thrown, request, response, correlationId));
    });
  };
  const server = createServer(guard.before(answer));
  guard.watch(server, false);
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = HEAD_MS;
  const address = await listenAt(server, config.listen);
  const cleaning = setInterval(() => {
    removeExpired(store).catch((err: unknown) => log.warn({ err }, 'Cannot remove old records.'));
  }, CLEAN_MS).unref();
  signal.addEventListener('abort', () => clearInterval(cleaning));
  return {
    address,
    checks: [{ name: 'database', run: store.check }],
    async stop() {
      server.closeIdleConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await store.close();
    },
  };
}

interface PageRoute {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

function routesOf(signIn: SignIn): readonly PageRoute[] {
  const interaction = /^\/interaction\/[A-Za-z0-9_-]{1,64}$/u;
  return [
    { method: 'GET', path: interaction, handle: (request, response) => showSignIn(signIn, request, response) },
    { method: 'POST', path: interaction, handle: (request, response) => takeSignIn(signIn, request, response) },
  ];
}

function refuse(
  { log, linesOf, sourceOf }: SignIn,
  thrown: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  correlationId: string,
): void {
  const known = thrown instanceof HoldfastError;
  // The library refuses when the sign-in page has expired or was opened without its cookie.
  const old = thrown instanceof Error && thrown.name === 'SessionNotFound';
  if (!known && !old) log.error({ correlationId, err: thrown }, 'Internal error.');
  else linesOf(sourceOf(request)).info({ correlationId, ...(old ? { cause: 'page expired' } : refusalFields(thrown)) }, 'Refused.');
  if (response.headersSent) return void response.destroy();
  const { says, detail } = wordsOf(toWireError(thrown), people);
  const { html, headers } = problemPage(old ? 'This sign-in page has expired.' : `${says} ${detail}`.trim(), correlationId);
  response.writeHead(known ? describeError(thrown.code).http : old ? 400 : 500, headers).end(html);
}
