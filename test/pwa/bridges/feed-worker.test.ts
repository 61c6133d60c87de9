/** The page's door to its worker, with a browser that has one, has none, or lets it work by itself. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openFeedWorker } from '../../../pwa/bridges/feed-worker.ts';
import type { ToPage } from '../../../pwa/bridges/worker-protocol.ts';

interface Said {
  readonly message: unknown;
  readonly port: MessagePort | undefined;
}
let said: Said[];
let hears: (event: { readonly data: unknown }) => void;
let started: boolean;
let registered: unknown[];

const worker = { postMessage: (message: unknown, ports: readonly MessagePort[] = []) => void said.push({ message, port: ports[0] }) };

function browser({ controlled = true, permission = 'granted', periodic = true } = {}): void {
  const periodicSync = { register: async (...how: unknown[]) => void registered.push(how) };
  const serviceWorker = {
    controller: controlled ? worker : null,
    ready: Promise.resolve({ active: worker, ...(periodic && { periodicSync }) }),
    addEventListener: (_: string, call: typeof hears) => {
      hears = call;
    },
    startMessages: () => {
      started = true;
    },
  };
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { serviceWorker, permissions: { query: async () => ({ state: permission }) } },
  });
}

beforeEach(() => {
  said = [];
  started = false;
  registered = [];
  browser();
});
const open = () => {
  const took: ToPage[] = [];
  return { took, door: openFeedWorker((one) => void took.push(one)) };
};

test('answers for this page where it controls it', () => {
  assert.equal(open().door.answers(), true);
  browser({ controlled: false });
  assert.equal(open().door.answers(), false);
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
  assert.equal(open().door.answers(), false);
});

test('what it says is passed on, where it is understood', () => {
  const { took } = open();
  assert.equal(started, true);
  hears({ data: { type: 'saved', saved: false } });
  hears({ data: { type: 'unheard-of' } });
  hears({ data: null });
  assert.deepEqual(took, [{ type: 'saved', saved: false }]);
});

test('it is told to fetch the lists as soon as it is there', async () => {
  open().door.refresh();
  await turn();
  assert.deepEqual(said, [{ message: { type: 'REFRESH' }, port: undefined }]);
});

describe('B-W8e the worker as a witness', () => {
  for (const [reply, hearsIt] of [
    [true, true],
    [false, false],
    ['yes', false],
  ] as const) {
    test(`says ${String(reply)}: ${hearsIt ? 'the Workspace answers it' : 'it hears nothing'}`, async () => {
      const asked = open().door.hearsWorkspace();
      const [one] = said;
      assert.deepEqual(one?.message, { type: 'WITNESS' });
      one?.port?.postMessage(reply);
      assert.equal(await asked, hearsIt);
      one?.port?.close();
    });
  }

  test('that is not there hears nothing', async () => {
    browser({ controlled: false });
    assert.equal(await open().door.hearsWorkspace(), false);
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: {} });
    assert.equal(await open().door.hearsWorkspace(), false);
  });
});

describe('lists are fetched every four hours, by the browser itself', () => {
  const registrations = async (how: Parameters<typeof browser>[0]) => {
    browser(how);
    open();
    for (let round = 0; round < 5; round += 1) await turn();
    return registered;
  };
  test('where it has allowed that already', async () => {
    assert.deepEqual(await registrations({}), [['holdfast-feeds', { minInterval: 14_400_000 }]]);
  });
  test('and nobody is asked for it', async () => {
    assert.deepEqual(await registrations({ permission: 'prompt' }), []);
    assert.deepEqual(await registrations({ periodic: false }), []);
  });
});
