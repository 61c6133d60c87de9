/** The bridge in a portal's page: what passes it, and what becomes of requests whose worker is stopped. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ExtensionPage, type ExtensionPages, openExtensionPages } from '../page-in-browser.ts';

let pages: ExtensionPages;
before(async () => {
  pages = await openExtensionPages('extension/prompt/prompt.html', 'extension/content/bridge.ts');
});
after(() => pages[Symbol.asyncDispose]());

/** Runs in the page: timers ring when the test says so, and the page's end of the channel is kept. */
const portal = (): void => {
  const timers: { ms: number; run: () => void }[] = [];
  const heard: unknown[] = [];
  const channel = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(data);
    Object.assign(window, { mine: port1 });
    return port2;
  };
  const pauses = (): number[] => timers.map(({ ms }) => ms);
  const ring = (): void => {
    for (const { run } of timers.splice(0)) run();
  };
  Object.assign(window, { heard, channel, pauses, ring, setTimeout: (run: () => void, ms: number) => timers.push({ ms, run }) });
};

const CONNECT = { type: 'holdfast:connect', v: 1 };

async function bridged(message: unknown = CONNECT, ports = 1) {
  const page = await pages.open(portal);
  await page.page.evaluate(
    (said, count) => {
      const more = Array.from({ length: count }, () => Reflect.get(window, 'channel')());
      window.postMessage(said, '*', more);
    },
    message,
    ports,
  );
  await turn(page);
  return {
    ...page,
    say: async (request: unknown) => {
      await page.page.evaluate((said) => Reflect.get(window, 'mine').postMessage(said), request);
      await turn(page);
    },
    heard: async () => {
      await turn(page);
      return page.page.evaluate(() => Reflect.get(window, 'heard').splice(0));
    },
    /** how long it waits before it connects again; then that time is over */
    pause: async (): Promise<number[]> => {
      const pauses: number[] = await page.page.evaluate(() => Reflect.get(window, 'pauses')());
      await page.page.evaluate(() => Reflect.get(window, 'ring')());
      return pauses;
    },
  };
}

/** Messages that were sent have come. */
async function turn({ page }: ExtensionPage): Promise<void> {
  await page.evaluate(async () => {
    for (let round = 0; round < 3; round += 1) {
      const { port1, port2 } = new MessageChannel();
      await new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage('');
      });
    }
  });
}

describe('the bridge', () => {
  test('marks the page with the extension’s version', async () => {
    const { page } = await pages.open(portal);
    assert.equal(await page.evaluate(() => document.documentElement.getAttribute('data-holdfast-extension')), '1.0.3');
  });

  test('passes messages both ways, unread', async () => {
    const { say, said, tell, heard, ports } = await bridged();
    assert.deepEqual(await ports(), ['page']);
    const request = { v: 1, id: 7, type: 'anything', body: { workspace: 'https://other.example' } };
    await say(request);
    assert.deepEqual(await said(), [request]);
    await tell({ id: 7, body: {} });
    await tell({ event: 'host', state: 'ready' });
    assert.deepEqual(await heard(), [
      { id: 7, body: {} },
      { event: 'host', state: 'ready' },
    ]);
  });

  test('passes on nothing that is no request', async () => {
    const { say, said } = await bridged();
    await say('noise');
    await say({ type: 'launch' });
    assert.deepEqual(await said(), []);
  });

  for (const [name, message, count] of [
    ['another message', { type: 'other', v: 1 }, 1],
    ['a message without a version', { type: 'holdfast:connect' }, 1],
    ['a message with two ports', CONNECT, 2],
    ['a message without a port', CONNECT, 0],
  ] as const) {
    test(`takes ${name} for no connection`, async () => {
      assert.deepEqual(await (await bridged(message, count)).ports(), []);
    });
  }

  test('takes another window’s message for no connection', async () => {
    const page = await pages.open(portal);
    await page.page.evaluate((said) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const script = frame.contentDocument?.createElement('script');
      if (script === undefined) return;
      script.textContent = `parent.postMessage(${JSON.stringify(said)}, '*', [new MessageChannel().port2])`;
      frame.contentDocument?.body.append(script);
    }, CONNECT);
    await turn(page);
    assert.deepEqual(await page.ports(), []);
  });
});

describe('when the worker is stopped', () => {
  test('requests under way are refused, those that were answered are not', async () => {
    const { say, tell, heard, stopWorker } = await bridged();
    await say({ id: 1 });
    await say({ id: 2 });
    await tell({ id: 1, body: {} });
    await heard();
    await stopWorker();
    const [refusal, ...more] = await heard();
    assert.deepEqual([refusal.id, refusal.error.code, refusal.error.reason, more], [2, 'unavailable', 'extension-restarted', []]);
    await stopWorker();
    assert.deepEqual(await heard(), [], 'once');
  });

  test('the bridge connects again with growing pauses up to a minute, and anew once it was heard', async () => {
    const { stopWorker, pause, tell, ports } = await bridged();
    const pauses: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      await stopWorker();
      pauses.push(...(await pause()));
    }
    assert.deepEqual(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    assert.equal((await ports()).length, 10);
    await tell({ event: 'host', state: 'ready' });
    await stopWorker();
    assert.deepEqual(await pause(), [500]);
  });

  test('a request connects at once, and the pause that ends later does not connect twice', async () => {
    const { stopWorker, say, said, ports, pause } = await bridged();
    await stopWorker();
    await say({ id: 3 });
    assert.deepEqual([await said(), (await ports()).length], [[{ id: 3 }], 2]);
    await pause();
    assert.equal((await ports()).length, 2);
  });

  test('an extension that was updated is gone for this page: each request is refused at once', async () => {
    const { page, stopWorker, say, heard } = await bridged();
    await page.evaluate(() => {
      Reflect.get(window, 'browser').runtime.connect = () => {
        throw new Error('Extension context invalidated.');
      };
    });
    await stopWorker();
    await say({ id: 4 });
    const [refusal] = await heard();
    assert.deepEqual([refusal.id, refusal.error.code], [4, 'unavailable']);
  });
});
