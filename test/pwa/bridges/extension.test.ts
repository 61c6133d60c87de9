/** The page's end of the channel to the extension, with a bridge that the test is. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openExtension, type PageEvent } from '../../../pwa/bridges/extension.ts';
import { refusedWith } from '../../refused-with.ts';
import { type HandClock, handClock } from '../../runtime/machine/hand-clock.ts';

/** What the page asks of its document and window, as the bridge meets it. */
let marked: boolean;
let changed: () => void;
let watching: boolean;
let calls: string[];
let posted: { readonly message: unknown; readonly origin: string; readonly port: MessagePort | undefined }[];
let clock: HandClock;
let events: PageEvent[];

class Observer {
  constructor(call: () => void) {
    changed = call;
    watching = true;
  }
  observe(): void {}
  disconnect(): void {
    watching = false;
  }
}

beforeEach(() => {
  marked = false;
  changed = () => {};
  watching = false;
  calls = [];
  posted = [];
  events = [];
  clock = handClock();
  const window = {
    postMessage: (message: unknown, origin: string, [port]: readonly MessagePort[]) => void posted.push({ message, origin, port }),
  };
  Object.assign(globalThis, {
    window,
    document: { documentElement: { hasAttribute: (name: string) => marked && name === 'data-holdfast-extension' } },
    location: { origin: 'https://workspace.example' },
    MutationObserver: Observer,
    fetch: async (path: string) => {
      calls.push(path);
      throw new TypeError('nothing answers');
    },
  });
});

/** The bridge is there: what the page asks is answered by `reply`, which may say nothing. */
function open(reply: (request: { id: number; type: string; body: unknown; v: number }) => unknown = () => undefined) {
  const extension = openExtension(clock, (event) => void events.push(event));
  const asked: unknown[] = [];
  const connect = (): MessagePort => {
    const port = posted.at(-1)?.port;
    assert.ok(port !== undefined);
    port.onmessage = ({ data: request }) => {
      asked.push(request);
      const answer = reply(request);
      if (answer !== undefined) port.postMessage(answer);
    };
    return port;
  };
  return { extension, asked, connect };
}

describe('a page that the bridge has marked', () => {
  test('connects at once, to its own origin, and calls nobody', () => {
    marked = true;
    const { extension } = open();
    assert.deepEqual([posted[0]?.message, posted[0]?.origin, calls], [{ type: 'holdfast:connect', v: 1 }, 'https://workspace.example', []]);
    assert.equal(extension.present, true);
    posted[0]?.port?.close();
  });
});

describe('a page without the mark', () => {
  test('calls the extension, and connects when the mark comes', async () => {
    const { extension } = open();
    assert.deepEqual([posted.length, calls, extension.present], [0, ['/.well-known/holdfast/health'], false]);
    changed();
    assert.equal(watching, true, 'that was another change');
    marked = true;
    changed();
    await extension.arrives;
    assert.deepEqual([posted.length, watching, extension.present], [1, false, true]);
    posted[0]?.port?.close();
  });

  test('B-E9b has its requests refused, not hanging', async () => {
    const { extension } = open();
    await assert.rejects(extension.ask('health', {}), refusedWith('extension_missing'));
  });
});

describe('a request', () => {
  const ready = (reply?: Parameters<typeof open>[0]) => {
    marked = true;
    const opened = open(reply);
    return { ...opened, port: opened.connect() };
  };

  test('carries the version, and gets the reply of its own number', async () => {
    const { extension, asked, port } = ready(({ id }) => ({ id, body: { cause: 'timeout' } }));
    assert.deepEqual(await extension.ask('health', {}), { cause: 'timeout' });
    assert.deepEqual(asked, [{ v: 1, id: 1, type: 'health', body: {} }]);
    port.close();
  });

  test('is parsed by the kind that was asked for: the host’s, or the extension’s own', async () => {
    const bodies: Readonly<Record<string, unknown>> = { sessions: { sessions: [] }, logs: { text: 'x' }, portalState: {} };
    const { extension, port } = ready(({ id, type }) => ({ id, body: bodies[type] }));
    const subject = 'mara-keller-1';
    assert.deepEqual(await extension.ask('sessions', { subject }), { sessions: [] });
    assert.deepEqual(await extension.ask('logs', { lines: [] }), { text: 'x' });
    assert.deepEqual(await extension.ask('portalState', { state: 'online' }), {});
    await assert.rejects(extension.ask('cancel', { subject, correlationId: '01234567' }), refusedWith('host_version'));
    port.close();
  });

  test('is refused in the words of whoever refuses', async () => {
    const { extension, port } = ready(({ id }) => ({ id, error: { code: 'not_signed_in', reason: 'not-bound' } }));
    await assert.rejects(extension.ask('sessions', { subject: 'mara-keller-1' }), refusedWith('not_signed_in'));
    port.close();
  });

  for (const [name, deadline, ms] of [
    ['ten seconds', undefined, 10_000],
    ['its own deadline', 1_000, 1_000],
  ] as const) {
    test(`that nobody answers ends after ${name}`, async () => {
      const { extension, port } = ready();
      let ended = false;
      const asked = extension.ask('health', {}, deadline);
      asked.catch(() => {
        ended = true;
      });
      clock.pass(ms - 1);
      await turn();
      assert.equal(ended, false);
      clock.pass(1);
      await assert.rejects(asked, refusedWith('host_crashed'));
      port.close();
    });
  }
});

test('events are passed on; what is not understood is left alone', async () => {
  marked = true;
  const { extension, connect } = open(({ id }) => ({ id, body: {} }));
  const port = connect();
  port.postMessage({ event: 'host', state: 'ready' });
  port.postMessage({ event: 'unheard-of' });
  port.postMessage('noise');
  await extension.ask('portalState', { state: 'online' });
  assert.deepEqual(events, [{ event: 'host', state: 'ready' }]);
  port.close();
});
