/**
 * A standing control channel: numbered requests and replies, both ways, over one connection. Each request has a deadline; the
 * peer is pinged, and one that misses a ping is `unresponsive`: kept, but not asked until it answers again.
 */
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { isKeyRevoked } from '#core/trust/revocation';
import { newsFor, versionsOf } from '#core/trust/trust';
import { CONTROL, ControlFrame } from '#protocol/channel';
import { fromWireError, HoldfastError, toWireError } from '#protocol/errors';
import { parse } from '#protocol/parse';
import type { News, Statement } from '#protocol/trust';
import { nodeCrypto } from '../jose/primitives.ts';
import type { Log } from '../log/log.ts';
import { openRequests } from '../machine/requests.ts';
import { withNews } from './client.ts';
import type { Frames } from './frames.ts';
import type { ComponentIdentity } from './identity.ts';
import { roundTripTime } from './round-trip-time.ts';

export type ControlMethod = keyof typeof CONTROL;
export type ControlParams<M extends ControlMethod> = v.InferOutput<(typeof CONTROL)[M]['params']>;
export type ControlResult<M extends ControlMethod> = v.InferOutput<(typeof CONTROL)[M]['result']>;

/** The methods this side serves; `ping` and `news` are served always. A method without a handler is refused. */
export type ControlHandlers = {
  readonly [M in Exclude<ControlMethod, 'ping' | 'news'>]?: (params: ControlParams<M>, peer: ControlPeer) => Promise<ControlResult<M>>;
};

export interface ControlPeer {
  readonly statement: Statement;
  /** whether it answered the last ping in time */
  responsive(): boolean;
  /** Pings it with a timeout of four times its usual response time, within these bounds. A peer that misses it becomes unresponsive. */
  probe(patience: { readonly leastMs: number; readonly mostMs: number }): Promise<void>;
  /** Errors: what the peer refuses with, `timeout`, `unavailable` when the connection ends first. */
  call<M extends ControlMethod>(method: M, params: ControlParams<M>, deadlineMs: number): Promise<ControlResult<M>>;
  readonly closed: Promise<void>;
  close(): void;
}

export interface ControlTimes {
  readonly pingEveryMs: number;
  readonly pingDeadlineMs: number;
  /** how long a peer may stay unresponsive before the connection is closed */
  readonly giveUpMs: number;
}
export const CONTROL_TIMES: ControlTimes = { pingEveryMs: 2_000, pingDeadlineMs: 3_000, giveUpMs: 30_000 };

export interface ControlOptions {
  readonly socket: Duplex;
  readonly frames: Frames;
  readonly identity: ComponentIdentity;
  /** judged */
  readonly statement: Statement;
  /** versions that the peer reported */
  readonly versions: { rootVersion: number; listVersion: number };
  readonly handlers: ControlHandlers;
  readonly now: () => number;
  readonly log: Pick<Log, 'error'>;
  readonly times?: ControlTimes;
}

/** Requests of the peer that are served concurrently. */
const MAX_AT_WORK = 512;
/** Bytes buffered for a peer that does not read. */
const MAX_UNSENT = 4 * 1024 * 1024;
const NEWS_DEADLINE_MS = 10_000;
/** A ping that takes longer than this many usual response times counts as missed. */
const PATIENCE = 4;

type Reply = Extract<ControlFrame, { type: 'reply' }>;

export function speakControl(options: ControlOptions): ControlPeer {
  const { socket, frames, identity, statement, handlers, now, log, times = CONTROL_TIMES } = options;
  // Where it was this process that stood still, the answer is there already and is read before the immediate.
  const requests = openRequests<Reply>({
    after: (ms, run) => {
      const timer = setTimeout(() => setImmediate(run), ms);
      return () => clearTimeout(timer);
    },
  });
  const { promise: closed, resolve: ended } = Promise.withResolvers<void>();
  let atWork = 0;
  let answeredAt = performance.now();
  let responsive = true;
  const answers = roundTripTime();
  let peerHolds = options.versions;
  let hearing = false;
  let pushing: 'nothing' | 'news' | 'again' = 'nothing';

  const send = (frame: ControlFrame) => {
    frames.send(frame);
    if (socket.writableLength > MAX_UNSENT) socket.destroy(new HoldfastError('unavailable', { reason: 'peer-stalled' }));
  };

  const call = <M extends ControlMethod>(method: M, params: ControlParams<M>, deadlineMs: number): Promise<ControlResult<M>> => {
    const late = () => new HoldfastError('timeout', { reason: 'peer-silent', id: statement.id });
    return requests
      .ask(deadlineMs, late, (id) => {
        if (socket.destroyed) throw new HoldfastError('unavailable', { reason: 'peer-silent', id: statement.id });
        send({ type: 'request', id, method, params });
      })
      .then((frame) => readReply(method, frame));
  };

  const ping = async (deadlineMs: number): Promise<void> => {
    const sentAt = performance.now();
    try {
      await call('ping', {}, deadlineMs);
      answers.took(performance.now() - sentAt);
    } catch (error) {
      responsive = false;
      throw error;
    }
  };

  const peer: ControlPeer = {
    statement,
    responsive: () => responsive,
    probe: ({ leastMs, mostMs }) => ping(Math.min(mostMs, Math.max(leastMs, PATIENCE * answers.usualMs()))),
    call,
    closed,
    close: () => void socket.destroy(),
  };

  const perform = async (method: string, params: unknown): Promise<unknown> => {
    if (!isMethod(method)) throw new HoldfastError('bad_request', { reason: 'not-asked-here' });
    switch (method) {
      case 'ping':
        return { now: now() };
      case 'news':
        hear(parse(CONTROL.news.params, params));
        return {};
      default:
        return answer(method, params, handlers, peer);
    }
  };

  const serve = async ({ id, method, params }: Extract<ControlFrame, { type: 'request' }>) => {
    atWork += 1;
    try {
      if (atWork > MAX_AT_WORK) throw new HoldfastError('too_many');
      send({ type: 'reply', id, result: await perform(method, params) });
    } catch (error) {
      if (!(error instanceof HoldfastError)) log.error({ peer: statement.id, method, err: error }, 'Internal error.');
      send({ type: 'reply', id, error: toWireError(error) });
    } finally {
      atWork -= 1;
    }
  };

  const listen = async () => {
    for (let value = await frames.next(); value !== undefined; value = await frames.next()) {
      const frame = parse(ControlFrame, value);
      answeredAt = performance.now();
      responsive = true;
      if (frame.type === 'request') void serve(frame);
      else requests.settle(frame.id, frame);
    }
  };

  const hear = (news: News) => {
    const before = versionsOf(identity.trust());
    hearing = true;
    try {
      identity.hear(news);
    } finally {
      hearing = false;
    }
    const after = versionsOf(identity.trust());
    peerNowHolds({
      rootVersion: after.rootVersion === before.rootVersion ? 0 : after.rootVersion,
      listVersion: after.listVersion === before.listVersion ? 0 : after.listVersion,
    });
    pushNews();
  };

  const peerNowHolds = ({ rootVersion, listVersion }: typeof peerHolds) => {
    peerHolds = { rootVersion: Math.max(peerHolds.rootVersion, rootVersion), listVersion: Math.max(peerHolds.listVersion, listVersion) };
  };

  /** One message at a time, until the peer has acknowledged everything; what failed is sent again after the next ping. */
  const pushNews = () => {
    const trust = identity.trust();
    if (isKeyRevoked(trust.list, nodeCrypto.thumbprint(statement.keys.sign), now())) return void socket.destroy();
    if (hearing || pushing === 'news') return;
    pushing = 'nothing';
    const news = newsFor(trust, peerHolds);
    const fitting = news === undefined ? undefined : withNews({}, news).news;
    if (fitting === undefined) return;
    const after = {
      rootVersion: peerHolds.rootVersion + (fitting.rootBundles?.length ?? 0),
      listVersion: fitting.revocations === undefined ? 0 : versionsOf(trust).listVersion,
    };
    pushing = 'news';
    call('news', fitting, NEWS_DEADLINE_MS).then(
      () => {
        pushing = 'nothing';
        peerNowHolds(after);
        pushNews();
      },
      () => {
        pushing = 'again';
      },
    );
  };

  const beat = async () => {
    try {
      await ping(times.pingDeadlineMs);
      if (pushing === 'again') pushNews();
    } catch {
      if (performance.now() - answeredAt > times.giveUpMs)
        socket.destroy(new HoldfastError('timeout', { reason: 'peer-silent', id: statement.id }));
    }
  };

  const stopListening = identity.onTrust(pushNews);
  const heartbeat = setInterval(() => void beat(), times.pingEveryMs);
  listen()
    .catch(() => {})
    .finally(() => {
      clearInterval(heartbeat);
      stopListening();
      socket.destroy();
      requests.close(new HoldfastError('unavailable', { reason: 'peer-silent', id: statement.id }));
      responsive = false;
      ended();
    });
  pushNews();
  return peer;
}

function isMethod(method: string): method is ControlMethod {
  return Object.hasOwn(CONTROL, method);
}

function readReply<M extends ControlMethod>(method: M, frame: Reply): ControlResult<M> {
  if (frame.error !== undefined) throw fromWireError(frame.error);
  const schema: v.GenericSchema<unknown, ControlResult<M>> = CONTROL[method].result;
  const parsed = v.safeParse(schema, frame.result);
  if (!parsed.success) throw new HoldfastError('bad_request', { reason: 'unexpected-answer' });
  return parsed.output;
}

function answer(method: Exclude<ControlMethod, 'ping' | 'news'>, params: unknown, handlers: ControlHandlers, peer: ControlPeer) {
  switch (method) {
    case 'launch':
      return handle(handlers.launch, CONTROL.launch.params, params, peer);
    case 'reach':
      return handle(handlers.reach, CONTROL.reach.params, params, peer);
    case 'meet':
      return handle(handlers.meet, CONTROL.meet.params, params, peer);
    case 'register':
      return handle(handlers.register, CONTROL.register.params, params, peer);
  }
}

function handle<S extends v.GenericSchema, R>(
  handler: ((params: v.InferOutput<S>, peer: ControlPeer) => Promise<R>) | undefined,
  schema: S,
  params: unknown,
  peer: ControlPeer,
): Promise<R> {
  if (handler === undefined) throw new HoldfastError('bad_request', { reason: 'not-asked-here' });
  return handler(parse(schema, params), peer);
}
