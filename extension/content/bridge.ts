/**
 * Connects the portal page with the worker: takes the page's MessagePort and forwards messages both ways, unread.
 * The browser tells the worker who the page is. Requests pending when the worker stopped are answered here.
 */
import * as v from 'valibot';
import { HoldfastError, toWireError } from '#protocol/errors';
import { PAGE_ATTRIBUTE, PAGE_CONNECT, type PageMessage } from '#protocol/page';
import { Count } from '#protocol/primitives';
import { type Port, self } from '../webext.ts';

const Connect = v.object({ type: v.literal(PAGE_CONNECT), v: Count });
const WithId = v.object({ id: Count });
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;

function relay(page: MessagePort): void {
  const waiting = new Set<number>();
  let worker: Port | null = null;
  let pause = FIRST_PAUSE;

  function connect(): Port {
    const port = self.connect('page');
    port.onMessage((message) => {
      pause = FIRST_PAUSE;
      const reply = v.safeParse(WithId, message);
      if (reply.success) waiting.delete(reply.output.id);
      page.postMessage(message);
    });
    port.onClose(() => {
      worker = null;
      for (const id of waiting) refuse(id);
      waiting.clear();
      setTimeout(() => again(), pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    });
    worker = port;
    return port;
  }

  /** After an update of the extension this page's bridge is orphaned: connecting throws until the page is reloaded. */
  function again(): Port | null {
    if (worker !== null) return worker;
    try {
      return connect();
    } catch {
      return null;
    }
  }

  function refuse(id: number): void {
    const error = toWireError(new HoldfastError('unavailable', { reason: 'extension-restarted' }));
    page.postMessage({ id, error } satisfies PageMessage);
  }

  page.onmessage = ({ data }: MessageEvent<unknown>) => {
    const request = v.safeParse(WithId, data);
    if (!request.success) return;
    const port = again();
    if (port === null) return refuse(request.output.id);
    waiting.add(request.output.id);
    port.post(data);
  };
  again();
}

/** A second run in the same page (registered, then injected) does nothing. The mark is set last: it makes a waiting page connect. */
if (!document.documentElement.hasAttribute(PAGE_ATTRIBUTE)) {
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    const own = event.source === window && event.origin === location.origin && event.ports.length === 1;
    if (own && port !== undefined && v.is(Connect, event.data)) relay(port);
  });
  document.documentElement.setAttribute(PAGE_ATTRIBUTE, self.version);
}
