/**
 * The only door to the extension and, through it, to the native host. Speaks `protocol/page.ts` over one MessagePort.
 * The extension adds the Workspace; what comes back is parsed before anybody sees it.
 */
import * as v from 'valibot';
import { fromWireError, HoldfastError } from '#protocol/errors';
import { HOST } from '#protocol/host';
import { VERSION } from '#protocol/limits';
import { PAGE, PAGE_ATTRIBUTE, PAGE_CALL, PAGE_CONNECT, PageMessage, type PageRequestType } from '#protocol/page';
import { parse } from '#protocol/parse';
import type { Timing } from '#runtime/machine/drive';
import { openRequests } from '#runtime/machine/requests';

/** Timeout for a reply; launches and syncs answer at once and report by events. Milliseconds. */
const REPLY_MS = 10_000;

type Schemas<K extends PageRequestType> = (typeof PAGE)[K] extends { request: unknown }
  ? (typeof PAGE)[K]
  : K extends keyof typeof HOST
    ? (typeof HOST)[K]
    : never;
/** The page's part of a request: everything but `workspace`, which the extension adds. */
export type PageBody<K extends PageRequestType> =
  Schemas<K> extends { request: infer R extends v.GenericSchema } ? Omit<v.InferInput<R>, 'workspace'> : never;
export type PageReply<K extends PageRequestType> = Schemas<K> extends { reply: infer R extends v.GenericSchema } ? v.InferOutput<R> : never;
export type PageEvent = Extract<PageMessage, { event: string }>;

export interface Extension {
  /** whether the content bridge has marked this page */
  readonly present: boolean;
  /** resolves when it has: at once, on this page's request, or when the extension is installed later */
  readonly arrives: Promise<void>;
  /** Throws `HoldfastError`: the extension's or host's refusal, `extension_missing`, or `host_crashed` after silence. */
  ask<K extends PageRequestType>(type: K, body: PageBody<K>, deadlineMs?: number): Promise<PageReply<K>>;
}

/** A page without the mark requests the bridge. */
export function openExtension(clock: Pick<Timing, 'after'>, onEvent: (event: PageEvent) => void): Extension {
  const requests = openRequests<Exclude<PageMessage, PageEvent>>(clock);
  let port: MessagePort | undefined;
  const connect = (): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = v.safeParse(PageMessage, data);
      if (!message.success) return;
      if ('event' in message.output) return onEvent(message.output);
      requests.settle(message.output.id, message.output);
    };
    window.postMessage({ type: PAGE_CONNECT, v: VERSION.host }, location.origin, [port2]);
    port = port1;
  };
  let arrives = Promise.resolve();
  if (isMarked()) connect();
  else {
    call();
    arrives = marked().then(connect);
  }

  const send = async (type: PageRequestType, body: unknown, deadlineMs: number): Promise<unknown> => {
    const late = () => new HoldfastError('host_crashed', { reason: 'silent' });
    const reply = await requests.ask(deadlineMs, late, (id) => port?.postMessage({ v: VERSION.host, id, type, body }));
    if ('error' in reply) throw fromWireError(reply.error);
    return reply.body;
  };
  return {
    get present() {
      return port !== undefined;
    },
    arrives,
    ask: async (type, body, deadlineMs = REPLY_MS) => {
      if (port === undefined) throw new HoldfastError('extension_missing');
      return parseReply(type, await send(type, body, deadlineMs));
    },
  };
}

function isMarked(): boolean {
  return document.documentElement.hasAttribute(PAGE_ATTRIBUTE);
}

/** The response does not matter: the extension sees the request. */
function call(): void {
  fetch(PAGE_CALL, { cache: 'no-store', signal: AbortSignal.timeout(REPLY_MS) }).catch(() => undefined);
}

function marked(): Promise<void> {
  return new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      if (!isMarked()) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(document.documentElement, { attributeFilter: [PAGE_ATTRIBUTE] });
  });
}

function parseReply<K extends PageRequestType>(type: K, body: unknown): PageReply<K>;
function parseReply(type: PageRequestType, body: unknown): unknown {
  return parse(type === 'portalState' || type === 'health' || type === 'logs' ? PAGE[type].reply : HOST[type].reply, body, 'host_version');
}
