/**
 * The client's side of a channel: connect, read the hello, verify the server, present once.
 * Opening and closing without presenting is a probe: the server is told nothing.
 */
import type { TLSSocket } from 'node:tls';
import { type Expected, judgeStatement, newsFor, strangerFacts, type Trust, versionsOf } from '#core/trust/trust';
import { ALPN, Hello, MAX_FRAME_BYTES, type Present, ServerAnswer } from '#protocol/channel';
import { HoldfastError } from '#protocol/errors';
import { VERSION } from '#protocol/limits';
import { parse } from '#protocol/parse';
import type { News, Statement } from '#protocol/trust';
import { nodeCrypto } from '../jose/primitives.ts';
import { exporterOf, peerSpki } from '../tls/peer.ts';
import { connectTls, type Destination, within } from './connection.ts';
import { type Frames, framesOver } from './frames.ts';

type WithoutVersions<T> = T extends Present ? Omit<T, 'rootVersion' | 'listVersion' | 'news'> : never;
/** What is presented; versions and news are added by the channel. */
export type PresentBody = WithoutVersions<Present>;

export interface OpenChannelOptions extends Omit<Destination, 'alpn'> {
  /** `ALPN.exchange` by default */
  readonly alpn?: (typeof ALPN)[keyof typeof ALPN];
  /** from the first packet to the judged hello, milliseconds */
  readonly deadlineMs: number;
  readonly trust: Trust;
  /** who the server must be; its TLS key is always compared */
  readonly expected: Omit<Expected, 'tls'>;
  /** seconds since 1970; the system's clock by default */
  readonly now?: () => number;
  /** receives newer revocations and root bundles from the server; pass them to `hear` and keep the result */
  readonly onNews?: (news: News) => void;
}

export interface Channel {
  readonly hello: Hello;
  /** verified: signed by a trust key, role, id and location as expected, and the TLS connection uses its key */
  readonly statement: Statement;
  /** TLS exporter of this connection, base64url: goes into the proof */
  readonly ekm: string;
  /** Sends the one present and waits for the answer. A refusal is an answer, not an error. After `ready` or `attached` the channel stays open. */
  present(body: PresentBody, deadlineMs: number): Promise<ServerAnswer>;
  /** After `attached`: the raw session bytes. The channel sends nothing more. */
  raw(): TLSSocket;
  close(): void;
}

export function systemSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

/** Errors: `unavailable`, `timeout` (no hello within the deadline), `untrusted_peer` (statement or key do not fit), `bad_request`. */
export async function openChannel(options: OpenChannelOptions): Promise<Channel> {
  const { trust, deadlineMs, expected, now = systemSeconds, alpn = ALPN.exchange } = options;
  const { socket, secured } = connectTls({ ...options, alpn });
  const frames = framesOver(socket);
  try {
    return await within(socket, deadlineMs, { reason: 'no-hello' }, async () => {
      await secured;
      const hello = await receive(frames, Hello);
      if (Math.abs(hello.v - VERSION.channel) > 1) throw new HoldfastError('bad_request', { reason: 'channel-version', theirs: hello.v });
      const tls = peerSpki(socket);
      if (tls === undefined) throw new HoldfastError('untrusted_peer', { reason: 'no-certificate' });
      const judged = judgeStatement(nodeCrypto, trust, hello.statement, now(), { ...expected, tls });
      if (!judged.ok) throw new HoldfastError('untrusted_peer', strangerFacts(judged));
      return channelOver(socket, frames, hello, judged.value, options);
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function channelOver(socket: TLSSocket, frames: Frames, hello: Hello, statement: Statement, options: OpenChannelOptions): Channel {
  const { trust, onNews } = options;
  return {
    hello,
    statement,
    ekm: exporterOf(socket),
    present: (body, deadlineMs) =>
      within(socket, deadlineMs, { reason: 'no-answer' }, async () => {
        frames.send(withNews({ ...body, ...versionsOf(trust) }, newsFor(trust, hello)));
        const answer = await receive(frames, ServerAnswer);
        if (answer.news !== undefined) onNews?.(answer.news);
        if (answer.type !== 'ready' && answer.type !== 'attached') socket.destroy();
        return answer;
      }),
    raw: () => socket,
    close: () => void socket.destroy(),
  };
}

async function receive<S extends Parameters<typeof parse>[0]>(frames: Frames, schema: S) {
  const value = await frames.next();
  if (value === undefined) throw new HoldfastError('unavailable', { reason: 'cut' });
  return parse(schema, value);
}

/** A list that does not fit into the frame is left out: the peer fetches it from the root of trust. */
export function withNews<T extends object>(frame: T, news: News | undefined): T & { news?: News } {
  if (news === undefined) return frame;
  const all = { ...frame, news };
  return Buffer.byteLength(JSON.stringify(all)) <= MAX_FRAME_BYTES ? all : frame;
}
