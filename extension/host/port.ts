/**
 * The native host's end in the extension: one port, requests matched to replies by id, each with its deadline.
 * The port is open while somebody holds it (a portal page, a login watch, the popup) and closes a while after the last one
 * releases it, because an open port keeps worker and host alive. A broken port is reopened with increasing pauses.
 */
import * as v from 'valibot';
import { fromWireError, HoldfastError, toWireError, WireError } from '#protocol/errors';
import { HOST, type HostEvent, HostMessage, type HostRequestType } from '#protocol/host';
import { LIMITS, VERSION } from '#protocol/limits';
import { parse } from '#protocol/parse';
import { openRequests } from '#runtime/machine/requests';
import type { Clock } from '../clock.ts';
import { newCorrelationId } from '../correlation.ts';
import { type HostTrouble, troubleError, troubleOf } from './trouble.ts';

export type HostReply<K extends HostRequestType> = v.InferOutput<(typeof HOST)[K]['reply']>;
export type HostBody<K extends HostRequestType> = v.InferInput<(typeof HOST)[K]['request']>;

export type HostState =
  | { readonly state: 'closed' | 'connecting' }
  | { readonly state: 'ready'; readonly host: string; readonly v: number; readonly roundTripMs: number }
  | { readonly state: HostTrouble; readonly error: WireError; readonly at: number };

/** An error kept while the worker is stopped, so that the toolbar keeps showing it. */
export const HostTroubleKept = v.object({
  state: v.picklist(['missing', 'forbidden', 'crashed', 'version']),
  error: WireError,
  at: v.number(),
});

/** The part of the browser's port that we use. */
export interface NativePort {
  post(message: unknown): void;
  close(): void;
}
export interface HostPortNeeds {
  readonly extension: string;
  /** this browser profile's own random name */
  readonly profile: string;
  readonly clock: Clock;
  /** its state when the worker was last stopped */
  readonly before?: HostState;
  /** Opens the port; `onClose` receives the browser's message. */
  open(onMessage: (message: unknown) => void, onClose: (words: string) => void): NativePort;
  onState(state: HostState): void;
  onHello(hello: HostReply<'hello'>): void;
  onEvent(event: HostEvent): void;
  log(text: string): void;
}
export interface HostPort {
  state(): HostState;
  /** Keeps the port open until the result is called. */
  hold(): () => void;
  /** Connects now if it is not open, ignoring the pause; resolves when the outcome is known. */
  look(): Promise<HostState>;
  /** Throws the host's refusal, the port's error, or `timeout`. */
  request<K extends HostRequestType>(type: K, body: HostBody<K>): Promise<HostReply<K>>;
}

/** Deadlines in milliseconds: a reply takes 0.3 ms, a cold start 70 ms, seconds on a machine that just woke up; making keys in a token may take seconds. */
const DEADLINES: Partial<Record<HostRequestType, number>> = {
  hello: 8_000,
  status: 3_000,
  describeDevice: 15_000,
  leases: 10_000,
  logs: 3_000,
};
const DEADLINE = 8_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** A port that stayed open this long was healthy; the next pause is short again. */
const STEADY = 30_000;
/** How long the port stays open after its last holder. */
const LINGER = 20_000;

type Reply = Exclude<HostMessage, HostEvent>;

export function createHostPort(needs: HostPortNeeds): HostPort {
  const { clock } = needs;
  const holders = new Set<symbol>();
  const requests = openRequests<Reply>(clock);
  let state: HostState = needs.before ?? { state: 'closed' };
  let port: NativePort | null = null;
  let attempt: Promise<HostState> | null = null;
  let failures = 0;
  let forgetPause = (): void => {};
  let forgetLinger = (): void => {};

  function become(to: HostState): HostState {
    state = to;
    needs.onState(to);
    return to;
  }

  function closed(words: string, readyAt: number | null): HostState {
    port = null;
    const trouble = troubleOf(words);
    const error = troubleError(trouble, needs.extension, idOf(trouble));
    requests.close(error);
    needs.log(`host port closed: ${trouble}${words === '' ? '' : ` (${words})`} ${error.correlationId}`);
    failures = readyAt !== null && clock.now() - readyAt >= STEADY ? 0 : failures + 1;
    scheduleAnother();
    return become({ state: trouble, error: toWireError(error), at: clock.now() });
  }

  /** One error has one ID, however often it is read. */
  function idOf(trouble: HostTrouble): string {
    const before = state.state === trouble && 'error' in state ? state.error.correlationId : undefined;
    return before ?? newCorrelationId();
  }

  function scheduleAnother(): void {
    forgetPause();
    if (holders.size === 0) return;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.max(0, failures - 1));
    forgetPause = clock.after(pause, () => void connect());
  }

  async function send<K extends HostRequestType>(type: K, body: HostBody<K>): Promise<HostReply<K>> {
    const open = port;
    if (open === null) throw new HoldfastError('host_crashed');
    const late = () => new HoldfastError('timeout', { reason: 'host', name: type });
    const reply = await requests.ask(DEADLINES[type] ?? DEADLINE, late, (id) => {
      const message = { v: VERSION.host, id, type, body };
      if (JSON.stringify(message).length > LIMITS.nativeMessageBytes) throw new HoldfastError('too_large');
      open.post(message);
    });
    if ('error' in reply) throw fromWireError(reply.error);
    return parse(HOST[type].reply, reply.body, 'host_version');
  }

  function receive(message: unknown): void {
    let parsed: HostMessage;
    try {
      parsed = parse(HostMessage, message);
    } catch {
      needs.log('host message not understood');
      return;
    }
    if ('event' in parsed) needs.onEvent(parsed);
    else requests.settle(parsed.id, parsed);
  }

  /** Opens the port and sends `hello`; ends in `ready` or in an error. */
  function connect(): Promise<HostState> {
    if (attempt !== null) return attempt;
    if (port !== null) return Promise.resolve(state);
    forgetPause();
    // A known error is shown until it is resolved: retrying a dead host is no news.
    if (!('error' in state)) become({ state: 'connecting' });
    attempt = new Promise<HostState>((resolve) => {
      let readyAt: number | null = null;
      const started = clock.now();
      let mine: NativePort | null = null;
      mine = needs.open(receive, (words) => {
        if (port === mine) resolve(closed(words, readyAt));
      });
      port = mine;
      send('hello', { extension: needs.extension, v: VERSION.host, profile: needs.profile }).then(
        (hello) => {
          if (Math.abs(hello.v - VERSION.host) > 1)
            return resolve(fail(new HoldfastError('host_version', { reason: 'host', theirs: hello.v })));
          readyAt = clock.now();
          needs.log(`host ${hello.host} ready, version ${hello.v}`);
          resolve(become({ state: 'ready', host: hello.host, v: hello.v, roundTripMs: Math.round(readyAt - started) }));
          needs.onHello(hello);
        },
        // Nobody held the port any more: it was closed meanwhile, and the next attempt must not wait for this one.
        (error) => resolve(port === mine ? fail(error) : state),
      );
    }).finally(() => {
      attempt = null;
    });
    return attempt;
  }

  /** The host runs but cannot be used. */
  function fail(thrown: unknown): HostState {
    const error = thrown instanceof HoldfastError ? thrown : new HoldfastError('internal', undefined, { cause: thrown });
    const old = port;
    port = null;
    old?.close();
    failures += 1;
    scheduleAnother();
    const trouble: HostTrouble = error.code === 'host_version' ? 'version' : error.code === 'forbidden_caller' ? 'forbidden' : 'crashed';
    const id = error.correlationId ?? idOf(trouble);
    needs.log(`host hello failed: ${error.message} ${id}`);
    return become({ state: trouble, error: toWireError(error, id), at: clock.now() });
  }

  function release(holder: symbol): void {
    if (!holders.delete(holder) || holders.size > 0) return;
    forgetPause();
    forgetLinger();
    forgetLinger = clock.after(LINGER, () => {
      const old = port;
      port = null;
      old?.close();
      if (old !== null) become({ state: 'closed' });
    });
  }

  return {
    state: () => state,
    hold() {
      const holder = Symbol('holder');
      holders.add(holder);
      forgetLinger();
      if (port === null && attempt === null) {
        const quiet = !('at' in state) || clock.now() - state.at >= FIRST_PAUSE;
        if (quiet) void connect();
        else scheduleAnother();
      }
      return () => release(holder);
    },
    look: () => (port !== null && attempt === null ? Promise.resolve(state) : connect()),
    async request(type, body) {
      if (state.state === 'closed' || attempt !== null) await connect();
      if (state.state !== 'ready') throw 'error' in state ? fromWireError(state.error) : new HoldfastError('host_crashed');
      return send(type, body);
    },
  };
}
