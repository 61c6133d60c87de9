/**
 * HTTP as all services speak it: a correlation id on every request, the marker header on every answer, one translator from
 * what is thrown to what is sent, caps on body and time; `guard.ts` has the budgets.
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { describeError, HoldfastError, toWireError } from '#protocol/errors';
import { CORRELATION_HEADER, MARKER_HEADER } from '#protocol/feed';
import { LIMITS, VERSION } from '#protocol/limits';
import { sourceKey, sourceOf } from '../budget/source.ts';
import { BACKLOG, boundPort } from '../listen.ts';
import { lineBudget } from '../log/line-budget.ts';
import type { Log } from '../log/log.ts';
import { refusalFields } from '../log/refusals.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { correlationIdOf } from './correlation.ts';
import { type Front, mustBeClear } from './front.ts';
import { guardOf } from './guard.ts';
import { asRefusal } from './refusal.ts';

export interface HttpServerOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  /** absent: plain HTTP, and then `front` says how browsers reach it */
  readonly tls?: TlsOptions;
  readonly front?: Front;
  /** requests served at once; of one more, the source that has most of them pays */
  readonly inFlightMax?: number;
  /** paths that are answered whatever else goes on */
  readonly always?: readonly string[];
}

const IN_FLIGHT_MAX = 512;
/** ms: a request's head, its whole body, and an idle connection */
const HEAD_MS = 5_000;
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
const NOSNIFF = { 'x-content-type-options': 'nosniff' };

/** A server without routes yet; `listen` starts it, `closeServer` ends it. */
export function openServer({ log, metrics, tls, front, inFlightMax = IN_FLIGHT_MAX, always = [] }: HttpServerOptions): FastifyInstance {
  const headers = front?.headers ?? NOSNIFF;
  const guard = guardOf({
    log,
    metrics,
    inWorkMax: inFlightMax,
    always,
    headers,
    ...(front !== undefined && { clientOf: front.clientOf }),
  });
  const server = fastify({
    serverFactory: (handler) => {
      const guarded = guard.before(handler);
      const made = tls === undefined ? createHttpServer(guarded) : createHttpsServer({ handshakeTimeout: HEAD_MS, ...tls }, guarded);
      guard.watch(made, tls !== undefined);
      return configure(made);
    },
    bodyLimit: LIMITS.requestBodyBytes,
    genReqId: (request) => correlationIdOf(request.headers[CORRELATION_HEADER]),
    loggerInstance: quietLogger,
    // Each handler parses its body by its own schema.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 100 },
  });
  const counted = metrics.counter('holdfast_http_requests_total', 'Requests answered.', ['route', 'status']);
  const timed = metrics.duration('holdfast_http_request_seconds', 'From the request to the end of its answer.', ['route']);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({ [MARKER_HEADER]: String(VERSION.workspaceApi), [CORRELATION_HEADER]: request.id, ...headers });
    (front?.check ?? mustBeClear)(request.raw);
  });
  // Only now the whole body is there: who sends it half holds an open connection and nothing else.
  server.addHook('preValidation', async (request, reply) => guard.work(request.raw, reply.raw));
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '(none)';
    const seconds = reply.elapsedTime / 1_000;
    counted.add({ route, status: reply.statusCode });
    timed.observe(seconds, { route });
    log.debug({ correlationId: request.id, method: request.method, route, status: reply.statusCode, seconds }, 'Answered.');
  });
  const linesOf = lineBudget(log);
  const sourceOfRequest = ({ raw }: FastifyRequest) => (front === undefined ? sourceOf(raw.socket) : sourceKey(front.clientOf(raw)));
  const refuseWith = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    refuse(log, (fields) => linesOf(sourceOfRequest(request)).info(fields, 'Refused.'), thrown, request, reply);
  server.setErrorHandler(refuseWith);
  server.setNotFoundHandler((request, reply) => refuseWith(new HoldfastError('not_found'), request, reply));
  return server;
}

function configure(server: HttpServer): HttpServer {
  server.headersTimeout = HEAD_MS;
  server.requestTimeout = REQUEST_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

/** Sends a thrown error as the table says, and logs what is not sent. `tell`: of a refusal. */
function refuse(log: Log, tell: (fields: object) => void, thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = asRefusal(thrown);
  const fields = { correlationId: request.id, route: request.routeOptions.url ?? '(none)' };
  if (error.code === 'internal') log.error({ ...fields, err: thrown }, 'Internal error.');
  // The guard tells of these in sums, and nobody waits for the others any more.
  else if (error.code === 'too_many' || reply.raw.destroyed) log.debug({ ...fields, ...refusalFields(error) }, 'Refused.');
  else tell({ ...fields, ...refusalFields(error) });
  reply
    .code(describeError(error.code).http)
    .header('cache-control', 'no-store')
    .send({ error: toWireError(error, request.id) });
}

/** Listens and returns the address: for port 0, the assigned port. */
export async function listen(server: FastifyInstance, at: { host: string; port: number }): Promise<{ host: string; port: number }> {
  await server.listen({ host: at.host, port: at.port, backlog: BACKLOG });
  return { host: at.host, port: boundPort(server.server) ?? at.port };
}

/** Shuts down gracefully: no new connections, idle ones closed, requests in flight answered. */
export async function closeServer(server: FastifyInstance): Promise<void> {
  server.server.closeIdleConnections();
  await server.close();
}

/** The framework logs nothing by itself: every line of ours goes through `Log`. */
const quietLogger: FastifyBaseLogger = {
  level: 'silent',
  fatal() {},
  error() {},
  warn() {},
  info() {},
  debug() {},
  trace() {},
  silent() {},
  child: () => quietLogger,
};
