/**
 * What stands between an HTTP listener and its routes. Each source has a share of the connections, of the requests in work and of the
 * processor; what a flood sends is turned away before anything dear happens, and the flood's own share pays for it.
 *
 *   open      a connection that waits, or whose request or answer is on its way: above the cap the fullest source's oldest is cut
 *   turn      a whole head waits for its source's turn at the processor
 *   in work   a whole request that is being answered: above the cap the fullest source is refused with `too_many`
 *
 * A connection asks one thing at a time: no browser and no client of ours sends a second request before the first is answered
 * (RFC 9112, 9.3.2 lets a server close then). The paths of `always` have their own way past turns and work.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { describeError, HoldfastError, toWireError } from '#protocol/errors';
import { CORRELATION_HEADER, MARKER_HEADER } from '#protocol/feed';
import { VERSION } from '#protocol/limits';
import { type AllowanceLimits, allowanceFor } from '../budget/allowance.ts';
import { placesFor } from '../budget/places.ts';
import { sourceKey, sourceOf } from '../budget/source.ts';
import { turnedAwayBy } from '../budget/turned-away.ts';
import { turnsFor } from '../budget/turns.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { correlationIdOf } from './correlation.ts';

export interface GuardOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  /** requests in work at once */
  readonly inWorkMax: number;
  /** connections that are not in work */
  readonly openMax?: number;
  /** the address that a request comes from, where that is not the connection's: behind a proxy that is trusted */
  readonly clientOf?: (request: IncomingMessage) => string;
  /** paths that are answered whatever else goes on: they must cost next to nothing */
  readonly always?: readonly string[];
  /** of every answer */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Guard {
  /** Listens to a server's connections before it accepts any. */
  watch(server: Server, tls: boolean): void;
  /** The handler behind the guard. */
  before(handler: RequestListener): RequestListener;
  /** Takes a place in work until the answer has left. Throws `too_many`; above the cap the newest of the fullest source is refused or cut. */
  work(request: IncomingMessage, response: ServerResponse): void;
}

const OPEN_MAX = 4_096;
/** A request that is not asked for its body costs 0.1 to 1 ms. */
const REQUESTS = { eachRound: 8, waitingPerSource: 1_024 };
/** TLS handshakes of one source: services keep their connections, so that only a restart of many makes many. */
const HANDSHAKES: AllowanceLimits = { burst: 1_000, perSecond: 200 };
/** ms for the reader to take an answer that is complete */
const READER_MS = 30_000;

interface Connection {
  /** leaves the place among the open ones */
  leave: () => void;
  asking: boolean;
}

export function guardOf({ log, metrics, inWorkMax, openMax = OPEN_MAX, clientOf, always = [], headers }: GuardOptions): Guard {
  const sourceOfRequest = (request: IncomingMessage) => (clientOf === undefined ? sourceOf(request.socket) : sourceKey(clientOf(request)));
  const counted = metrics.counter('holdfast_http_turned_away_total', 'Connections and requests turned away, by budget.', ['budget']);
  const turnedAway = turnedAwayBy(log, (budget) => counted.add({ budget }));
  const open = placesFor({ most: openMax, gives: 'oldest' });
  const inWork = placesFor({ most: inWorkMax, gives: 'newest' });
  const turns = turnsFor(REQUESTS);
  const handshakes = allowanceFor(HANDSHAKES, () => performance.now());
  /** by the peer's address and port: a TLS socket is another object than the one that was accepted */
  const connections = new Map<string, Connection>();

  const cut = (socket: Socket, budget: string) => {
    turnedAway(sourceOf(socket), budget);
    socket.destroy();
  };
  const takeOpen = (socket: Socket) => open.take(sourceOf(socket), () => cut(socket, 'connections')) ?? (() => {});

  const accept = (socket: Socket, tls: boolean) => {
    turns.newcomer();
    if (tls && !handshakes.spend(sourceOf(socket))) return cut(socket, 'handshakes');
    const name = nameOf(socket);
    const connection: Connection = { leave: takeOpen(socket), asking: false };
    connections.set(name, connection);
    socket.once('close', () => {
      connection.leave();
      connections.delete(name);
    });
  };

  return {
    watch(server, tls) {
      server.on('connection', (socket: Socket) => accept(socket, tls));
    },
    before: (handler) => (request, response) => {
      const { socket } = request;
      const connection = connections.get(nameOf(socket));
      if (socket.destroyed) return;
      if (connection?.asking === true) {
        readNoMore(socket);
        return cut(socket, 'pipelined');
      }
      if (connection !== undefined) {
        connection.asking = true;
        response.once('close', () => {
          connection.asking = false;
        });
      }
      response.once('prefinish', () => watchReader(response));
      if (isAlways(request, always)) return handler(request, response);
      const begin = () => {
        if (!response.destroyed) handler(request, response);
      };
      const source = sourceOfRequest(request);
      if (turns.take(source, begin)) return;
      turnedAway(source, 'turns');
      sendTooMany(response, headers, correlationIdOf(request.headers[CORRELATION_HEADER]));
    },
    work(request, response) {
      if (isAlways(request, always)) return;
      const { socket } = request;
      const source = sourceOfRequest(request);
      const leaveWork = inWork.take(source, () => {
        turnedAway(source, 'work');
        socket.destroy();
      });
      if (leaveWork === undefined) {
        turnedAway(source, 'work');
        throw new HoldfastError('too_many');
      }
      // Its caller may have gone while the body was read: then nothing would ever leave the place.
      if (response.destroyed) return leaveWork();
      const connection = connections.get(nameOf(socket));
      connection?.leave();
      let over = false;
      const leave = () => {
        if (over) return;
        over = true;
        leaveWork();
        if (connection !== undefined && !socket.destroyed) connection.leave = takeOpen(socket);
      };
      // From then on only the reader is waited for.
      response.once('prefinish', leave);
      response.once('close', leave);
    },
  };
}

/** What a parser's handler returns when it takes the connection over. */
const TAKEN_OVER = 2;

/**
 * Node reads what came in one piece to its end, also on a connection that is cut meanwhile: 64 KiB are 1,300 requests, of which each gets
 * objects and an error with a stack, 40 ms in all. The parser stops where the connection is taken over; on a Node that does not know
 * this property the flood only costs more.
 */
function readNoMore({ parser }: Socket & { readonly parser?: { onIncoming: () => number } | null }): void {
  if (parser) parser.onIncoming = () => TAKEN_OVER;
}

/** Where a peer stands still, its answer must not stay in memory. */
function watchReader(response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), READER_MS).unref();
  response.once('close', () => clearTimeout(timer));
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function isAlways({ method, url }: IncomingMessage, paths: readonly string[]): boolean {
  return method === 'GET' && paths.includes(url?.split('?', 1)[0] ?? '');
}

/** Refuses without a route: short, and the connection ends. */
function sendTooMany(response: ServerResponse, headers: GuardOptions['headers'], correlationId: string): void {
  const error = new HoldfastError('too_many');
  response
    .writeHead(describeError(error.code).http, {
      ...headers,
      [MARKER_HEADER]: String(VERSION.workspaceApi),
      [CORRELATION_HEADER]: correlationId,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      connection: 'close',
    })
    .end(JSON.stringify({ error: toWireError(error, correlationId) }));
}
