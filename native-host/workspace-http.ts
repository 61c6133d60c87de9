/**
 * Requests to the Workspace over HTTP, with deadlines and caps. Only a response with our marker header counts: the page of
 * a captive portal or a proxy's 403 is a network problem and nothing else (B-W20).
 */
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { fromWireError, HoldfastError, WireError } from '#protocol/errors';
import { CORRELATION_HEADER, MARKER_HEADER } from '#protocol/feed';
import { readText } from '#runtime/http/answer';
import { proxyFor } from '#runtime/http/proxy-env';
import { authoritiesWith } from '#runtime/tls/authorities';
import { lookup } from '#runtime/tls/lookup';

export interface Ask {
  readonly workspace: string;
  /** authorities that its certificate may be from besides the system's */
  readonly caFile: string | undefined;
  readonly path: string;
  /** POST with this as JSON; GET without */
  readonly body?: object;
  readonly correlationId: string;
  /** milliseconds */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

const ERROR_BYTES = 16 * 1024;

/** Our response with status 200, its body unread: the deadline ends with its headers. Throws the Workspace's refusal, `unavailable` or `timeout`. */
export function askWorkspace(ask: Ask): Promise<IncomingMessage> {
  return inTime(ask, (signal) => accepted(ask, signal));
}

/** The same, read whole within the deadline. Throws `too_large` as well. */
export function readFromWorkspace(ask: Ask, maxBytes: number): Promise<string> {
  return inTime(ask, async (signal) => readText(await accepted(ask, signal), maxBytes));
}

/** `work` ends with its signal, which also cuts off a body that comes too slowly. */
async function inTime<T>({ workspace, deadlineMs, signal }: Ask, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), deadlineMs);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (cause) {
    if (late.signal.aborted)
      throw new HoldfastError('timeout', { reason: 'workspace', url: workspace, seconds: deadlineMs / 1000 }, { cause });
    throw asTrouble(cause, workspace);
  } finally {
    clearTimeout(timer);
  }
}

async function accepted(ask: Ask, signal: AbortSignal): Promise<IncomingMessage> {
  const response = await send(ask, signal);
  if (response.headers[MARKER_HEADER] === undefined) {
    response.destroy();
    throw new HoldfastError('unavailable', { reason: 'not-workspace', status: response.statusCode ?? 0 });
  }
  if (response.statusCode === 200) return response;
  const refusal = v.safeParse(v.object({ error: WireError }), readJson(await readText(response, ERROR_BYTES)));
  throw refusal.success
    ? fromWireError(refusal.output.error)
    : new HoldfastError('unavailable', { reason: 'status', status: response.statusCode ?? 0 });
}

async function send({ workspace, caFile, path, body, correlationId }: Ask, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(path, workspace);
  const secure = url.protocol === 'https:';
  // Loading HTTP takes 20 ms, and no launch by lease needs it.
  const { request, Agent } = await (secure ? import('node:https') : import('node:http'));
  const proxy = proxyFor(url.href, process.env);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method: text === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json, application/x-ndjson',
      [CORRELATION_HEADER]: correlationId,
      ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    },
    lookup,
    signal,
    ...(secure && { ca: authoritiesWith(caFile) }),
    ...(proxy !== undefined && { agent: new Agent({ proxyEnv: { HTTPS_PROXY: proxy } }) }),
  };
  const asked = request(url, options);
  asked.once('response', resolve);
  asked.once('error', reject);
  asked.end(text);
  return promise;
}

/** The network problem, with the hop that failed. */
export function asTrouble(cause: unknown, workspace: string): Error {
  if (cause instanceof HoldfastError) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no answer';
  return new HoldfastError('unavailable', { reason: 'workspace', url: workspace, code }, { cause });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
