/** The management port: /livez (the process runs), /readyz (it can do its work), /metrics. Plain HTTP, never exposed to users. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { thrownWords, wholeLine } from '#protocol/words';
import { everything } from '#protocol/words/everything';
import { placesFor } from '../budget/places.ts';
import { sourceOf } from '../budget/source.ts';
import { listenAt } from '../listen.ts';
import type { Metrics } from '../metrics/metrics.ts';

type Ill = string | HoldfastError;

/** A condition for readiness. `run` returns undefined when it holds, else what is wrong. */
export interface Check {
  readonly name: string;
  /** is said, but the service stays ready */
  readonly isAdvice?: boolean;
  run(): Ill | undefined | Promise<Ill | undefined>;
}

/** Connections: a few monitors keep one each. Above it the oldest of the fullest source is cut, so that a probe always gets in. */
const CONNECTIONS_MAX = 256;

/** A check that hangs fails after this, milliseconds. */
const CHECK_DEADLINE_MS = 1_000;
/** What was looked up serves everybody for this long: many who ask cost no more than one. Milliseconds. */
const SAME_FOR_MS = 100;

/** `checks` returns undefined while the service is starting. Rejects with the system's error when it cannot listen. */
export async function startManagement(
  at: { host: string; port: number },
  metrics: Metrics,
  checks: () => readonly Check[] | undefined,
): Promise<Server> {
  const looks: Looks = { readiness: shared(() => runChecks(checks())), metrics: shared(() => metrics.text()) };
  const asking = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    // As on every other listener (`http/guard.ts`), a connection asks one thing at a time.
    if (asking.has(socket)) return void socket.destroy();
    asking.add(socket);
    response.once('close', () => asking.delete(socket));
    answer(request.url ?? '/', response, looks).catch(() => response.destroy());
  });
  const open = placesFor({ most: CONNECTIONS_MAX, gives: 'oldest' });
  server.on('connection', (socket) => {
    const leave = open.take(sourceOf(socket), () => socket.destroy());
    if (leave !== undefined) socket.once('close', leave);
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  await listenAt(server, at);
  return server;
}

interface Looks {
  readonly readiness: () => ReturnType<typeof runChecks>;
  readonly metrics: Metrics['text'];
}

/** Whoever asks meanwhile, or a moment later, gets the same. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let last: { readonly found: Promise<T>; until: number } | undefined;
  return () => {
    if (last === undefined || performance.now() >= last.until) {
      const mine = { found: look(), until: Number.POSITIVE_INFINITY };
      const ended = () => {
        mine.until = performance.now() + SAME_FOR_MS;
      };
      mine.found.then(ended, ended);
      last = mine;
    }
    return last.found;
  };
}

async function answer(url: string, response: ServerResponse, looks: Looks): Promise<void> {
  switch (url.split('?')[0]) {
    case '/livez':
      return send(response, 200, { alive: true });
    case '/readyz': {
      const results = await looks.readiness();
      const ready = results.every(({ ok, isAdvice }) => ok || isAdvice === true);
      return send(response, ready ? 200 : 503, { ready, checks: results });
    }
    case '/metrics': {
      const { contentType, body } = await looks.metrics();
      response.writeHead(200, { 'content-type': contentType }).end(body);
      return;
    }
    default:
      return send(response, 404, {});
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly isAdvice?: boolean;
  readonly detail?: string;
}

async function runChecks(checks: readonly Check[] | undefined): Promise<Result[]> {
  if (checks === undefined) return [{ name: 'started', ok: false, detail: 'Still starting.' }];
  return Promise.all(
    checks.map(async ({ name, isAdvice, run }) => {
      const ill = await withDeadline(run);
      if (ill === undefined) return { name, ok: true };
      return {
        name,
        ok: false,
        ...(isAdvice === true && { isAdvice }),
        detail: typeof ill === 'string' ? ill : wholeLine(thrownWords(ill, everything)),
      };
    }),
  );
}

async function withDeadline(run: Check['run']): Promise<Ill | undefined> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve('No answer.'), CHECK_DEADLINE_MS);
  try {
    return await Promise.race([Promise.resolve().then(run), late.promise]);
  } catch (thrown) {
    if (thrown instanceof HoldfastError) return thrown;
    return thrown instanceof Error ? thrown.message : 'It failed.';
  } finally {
    clearTimeout(timer);
  }
}
