/**
 * The client's side of `protocol/cloud-api.ts`. The server is identified by its key, which a trust statement of
 * the expected role must name. Every call has a deadline, and calls to a hanging peer cannot pile up.
 */
import { type Agent, type Dispatcher, request } from 'undici';
import type * as v from 'valibot';
import { HoldfastError } from '#protocol/errors';
import { CORRELATION_HEADER } from '#protocol/feed';
import { LIMITS } from '#protocol/limits';
import { parseJson } from '#protocol/parse';
import type { Role } from '#protocol/trust';
import type { Component } from '../component/component.ts';
import type { TlsIdentity } from '../tls/certificate.ts';
import { pinnedAgent } from '../tls/pinned-agent.ts';
import { readRefusal, readText } from './answer.ts';
import type { CloudDeclaration } from './cloud-server.ts';
import { readDirectoryAgain } from './directory.ts';
import { STATEMENT_HEADER } from './headers.ts';

export interface CallOptions {
  readonly signal: AbortSignal;
  /** ms: one deadline for connecting, asking and reading */
  readonly deadlineMs: number;
  readonly correlationId?: string;
}

/** Calls that may wait for one service at once; one more is refused immediately. */
const WAITING_MAX = 64;
const CONNECT_MS = 1_500;

interface Peer {
  readonly agent: Agent;
  /** our own, under which its connections are made */
  readonly identity: TlsIdentity;
  waiting: number;
}
/** Streams hold their connection while they queue, so they have a wide pool of their own. */
type Use = 'call' | 'stream';
const CONNECTIONS = { call: 8, stream: 1_024 } as const satisfies Record<Use, number>;
/** One pool for each component of this process, role it calls, and use. */
const peers = new WeakMap<Component, Map<`${Role} ${Use}`, Peer>>();

/** Calls and reads the whole reply. Throws the service's own refusal, or `unavailable`, `timeout`, `untrusted_peer`. */
export async function cloudCall<D extends CloudDeclaration>(
  component: Component,
  baseUrl: string,
  declaration: D,
  body: v.InferInput<D['request']>,
  options: CallOptions,
): Promise<v.InferOutput<D['reply']>> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
  return asRefusal(declaration, signal, async () => {
    const answer = await ask(component, baseUrl, declaration, body, options, signal, 'call');
    const { replyBytes = LIMITS.replyBytes } = declaration;
    return parseJson(declaration.reply, await readText(answer.body, replyBytes), replyBytes, 'unavailable');
  });
}

/** Calls and yields the reply's lines as they come. `deadlineMs` spans the whole stream. */
export async function* cloudLines<D extends CloudDeclaration>(
  component: Component,
  baseUrl: string,
  declaration: D,
  body: v.InferInput<D['request']>,
  options: CallOptions,
): AsyncGenerator<string> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
  const answer = await asRefusal(declaration, signal, () => ask(component, baseUrl, declaration, body, options, signal, 'stream'));
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of answer.body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LIMITS.leaseSyncLineBytes) throw new HoldfastError('too_large');
      yield* lines;
    }
  } catch (cause) {
    throw translate(cause, declaration, signal);
  }
  if (rest !== '') throw new HoldfastError('unavailable', { reason: 'broke-off', service: declaration.service });
}

async function ask(
  component: Component,
  baseUrl: string,
  declaration: CloudDeclaration,
  body: unknown,
  { correlationId }: CallOptions,
  signal: AbortSignal,
  use: Use,
): Promise<Dispatcher.ResponseData> {
  const peer = peerOf(component, declaration.service, use);
  if (peer.waiting >= WAITING_MAX) throw new HoldfastError('unavailable', { reason: 'saturated', service: declaration.service });
  const send = () =>
    request(new URL(declaration.path, baseUrl), {
      method: 'POST',
      dispatcher: peer.agent,
      headers: {
        'content-type': 'application/json',
        [STATEMENT_HEADER]: component.statement(),
        ...(correlationId !== undefined && { [CORRELATION_HEADER]: correlationId }),
      },
      body: JSON.stringify(body),
      signal,
    });
  const sent = send().catch(async (cause: unknown) => {
    // A service that enrolled after the last look at the directory is unknown only until the next one.
    if (!isUntrusted(cause) || !(await readDirectoryAgain(component))) throw cause;
    return send();
  });
  // A call waiting for a connection learns of its abort only when the attempt ends, so it counts until then.
  peer.waiting++;
  const settled = () => {
    peer.waiting--;
  };
  sent.then(settled, settled);
  const answer = await Promise.race([sent, rejectionOf(signal)]);
  if (answer.statusCode === 200) return answer;
  throw await readRefusal(answer.body, declaration.service);
}

/** Never resolves; rejects when the signal aborts. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  promise.catch(() => {});
  return promise;
}

function peerOf(component: Component, role: Role, use: Use): Peer {
  const known = peers.get(component) ?? new Map<`${Role} ${Use}`, Peer>();
  peers.set(component, known);
  const existing = known.get(`${role} ${use}`);
  if (existing?.identity === component.tls) return existing;
  // It has new keys: calls under way end over the connections of the old ones.
  void existing?.agent.close();
  const accepts = (spki: string) => component.statements().some((said) => said.role === role && said.keys.tls === spki);
  const agent = pinnedAgent({
    accepts,
    stranger: 'other-key',
    identity: component.tls,
    connectTimeoutMs: CONNECT_MS,
    connections: CONNECTIONS[use],
  });
  const peer = { agent, identity: component.tls, waiting: 0 };
  known.set(`${role} ${use}`, peer);
  return peer;
}

/** Closes the connections that a component's calls have left open. */
export async function closeCloudConnections(component: Component): Promise<void> {
  const known = peers.get(component);
  peers.delete(component);
  for (const { agent } of known?.values() ?? []) await agent.destroy();
}

async function asRefusal<T>(declaration: CloudDeclaration, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw translate(cause, declaration, signal);
  }
}

function translate(cause: unknown, { service }: CloudDeclaration, signal: AbortSignal): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  return new HoldfastError(signal.aborted ? 'timeout' : 'unavailable', { reason: 'service', service }, { cause });
}

function isUntrusted(thrown: unknown): boolean {
  return thrown instanceof HoldfastError && thrown.code === 'untrusted_peer';
}
