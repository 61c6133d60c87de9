/** Both ends of standing control channels: peers that connected to us, and a peer that we reconnect to until the signal aborts. */
import { setTimeout as wait } from 'node:timers/promises';
import { ALPN, type PresentComponent } from '#protocol/channel';
import { fromWireError, HoldfastError } from '#protocol/errors';
import type { Endpoint } from '#protocol/lease';
import type { Log } from '../log/log.ts';
import { type Channel, openChannel } from './client.ts';
import { type Callers, componentPresent, judgeCaller } from './component-proof.ts';
import { CONTROL_TIMES, type ControlHandlers, type ControlPeer, type ControlTimes, speakControl } from './control.ts';
import type { Exchange } from './exchange.ts';
import { framesOver } from './frames.ts';
import type { ComponentIdentity } from './identity.ts';

/** Peers by id. A peer that connects again replaces its older connection. */
export interface ControlRegistry {
  get(id: string): ControlPeer | undefined;
  all(): readonly ControlPeer[];
  accept(exchange: Exchange<PresentComponent>): Promise<void>;
}

export interface ControlBase {
  readonly identity: ComponentIdentity;
  readonly handlers: ControlHandlers;
  readonly now: () => number;
  readonly log: Log;
  readonly times?: ControlTimes;
}

export interface RegistryOptions extends ControlBase {
  readonly callers: Callers;
  readonly onChange?: (peer: ControlPeer, state: 'here' | 'gone') => void;
}

export function controlRegistry(options: RegistryOptions): ControlRegistry {
  const { identity, handlers, now, log, callers, onChange, times = CONTROL_TIMES } = options;
  const peers = new Map<string, ControlPeer>();
  return {
    get: (id) => peers.get(id),
    all: () => [...peers.values()],
    async accept(exchange) {
      const statement = judgeCaller(identity, exchange, callers, now());
      exchange.answer({ type: 'ready' });
      const peer = speakControl({ ...exchange, identity, statement, versions: exchange.present, handlers, now, log, times });
      peers.get(statement.id)?.close();
      peers.set(statement.id, peer);
      log.info({ peer: statement.id }, 'Control channel opened.');
      onChange?.(peer, 'here');
      await peer.closed;
      if (peers.get(statement.id) === peer) peers.delete(statement.id);
      log.info({ peer: statement.id }, 'Control channel closed.');
      onChange?.(peer, 'gone');
    },
  };
}

export interface LinkOptions extends ControlBase {
  readonly endpoint: Endpoint;
  readonly expected: Callers;
  readonly signal: AbortSignal;
  /** runs after every connect, for example to register. When it fails, the connection is closed and opened again. */
  readonly onOpen?: (peer: ControlPeer) => Promise<void>;
}

/** ms: the first wait after a failure, doubling up to the last; each is shortened at random so that a fleet does not reconnect in step */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 5_000;
const DIAL_DEADLINE_MS = 5_000;

/** Connects, and reconnects whenever the connection is lost, until the signal aborts. */
export async function keepControl(options: LinkOptions): Promise<void> {
  const { signal, endpoint, log, onOpen } = options;
  let pause = FIRST_WAIT_MS;
  let wasLost = false;
  while (!signal.aborted) {
    try {
      const peer = await dial(options);
      await onOpen?.(peer);
      log.info({ peer: endpoint.id }, 'Control channel opened.');
      pause = FIRST_WAIT_MS;
      wasLost = false;
      await peer.closed;
    } catch (err) {
      if (!wasLost && !signal.aborted) log.warn({ err, peer: endpoint.id }, 'Cannot open a control channel; retrying.');
      wasLost = true;
    }
    await wait(pause * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {});
    pause = Math.min(pause * 2, LAST_WAIT_MS);
  }
}

async function dial({
  endpoint,
  expected,
  identity,
  handlers,
  now,
  log,
  signal,
  times = CONTROL_TIMES,
}: LinkOptions): Promise<ControlPeer> {
  const channel = await openChannel({
    address: endpoint.address,
    alpn: ALPN.exchange,
    signal,
    deadlineMs: DIAL_DEADLINE_MS,
    trust: identity.trust(),
    expected: { ...expected, id: endpoint.id },
    now,
    onNews: (news) => identity.hear(news),
  });
  await presentAndExpectReady(channel, identity, now());
  const socket = channel.raw();
  return speakControl({
    socket,
    frames: framesOver(socket),
    identity,
    statement: channel.statement,
    versions: channel.hello,
    handlers,
    now,
    log,
    times,
  });
}

/** Presents itself as a component; throws what the server refuses with. */
export async function presentAndExpectReady(
  channel: Channel,
  identity: ComponentIdentity,
  now: number,
  rendezvous?: string,
): Promise<void> {
  try {
    const answer = await channel.present(componentPresent(identity, channel, now, rendezvous), DIAL_DEADLINE_MS);
    if (answer.type === 'refusal') throw fromWireError(answer.error);
    if (answer.type !== 'ready') throw new HoldfastError('bad_request', { reason: 'unexpected-answer' });
  } catch (error) {
    channel.close();
    throw error;
  }
}
