/** The whole worker over a browser in memory: what it makes of its start and of tabs that it finds. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

const W = 'https://workspace.example/';
const IDP = 'https://login.example/authorize';
const TAB = 7;
const PORTAL_TAB = 9;

type Listener = (details: object, area?: string) => unknown;

/** What the worker did to windows, in order, and its log. */
const windows: string[] = [];
const listeners = new Map<string, Listener[]>();
const session = new Map<string, unknown>();
const local = new Map<string, unknown>([
  ['workspaces', [{ url: 'https://workspace.example', name: 'Contoso' }]],
  ['timeout', { on: false, seconds: 30 }],
]);
// Time stands still: nothing here waits for a clock.
mock.timers.enable({ apis: ['setTimeout'] });

let scans = 0;
let found = { id: TAB, url: 'about:blank', pendingUrl: W, status: 'loading' };

/** As the browser's replies: a task later, never at once. */
async function reply<T>(value: T): Promise<T> {
  await turn();
  return value;
}

function event(name: string): object {
  return { addListener: (call: Listener) => listeners.set(name, [...(listeners.get(name) ?? []), call]) };
}

function tell(name: string, details: object): void {
  listeners.get(name)?.[0]?.({ tabId: TAB, frameId: 0, ...details });
}

/** The worker's end of a portal page's port; `say` is the page's. */
function portalPort(): { port: object; say: (message: object) => void } {
  const heard: ((message: object) => void)[] = [];
  const port = {
    name: 'page',
    sender: { tab: { id: PORTAL_TAB }, frameId: 0, url: W },
    postMessage: () => undefined,
    disconnect: () => undefined,
    onMessage: { addListener: (call: (message: object) => void) => heard.push(call) },
    onDisconnect: { addListener: () => undefined },
  };
  return {
    port,
    say: (message) => {
      for (const call of heard) call(message);
    },
  };
}

function logged(tab: number): string[] {
  return JSON.stringify(session.get('log')).match(new RegExp(`tab ${tab}: [^"]*`, 'gu')) ?? [];
}

function area(kept: Map<string, unknown>): object {
  return {
    get: (key: string) => reply(Object.fromEntries([...kept].filter(([name]) => name === key))),
    set: (more: object) => {
      for (const [name, value] of Object.entries(more)) kept.set(name, value);
      return reply(undefined);
    },
  };
}

const browser = {
  runtime: {
    id: 'extension',
    getManifest: () => ({ version: '1' }),
    getURL: (path: string) => `extension://extension/${path}`,
    getPlatformInfo: () => reply({}),
    // A native host that is there and says nothing.
    connectNative: () => ({
      postMessage: () => undefined,
      disconnect: () => undefined,
      onMessage: event('native'),
      onDisconnect: event('native-end'),
    }),
    onConnect: event('connect'),
    onInstalled: event('installed'),
    onStartup: event('startup'),
  },
  storage: {
    session: area(session),
    local: area(local),
    managed: { get: () => reply({}) },
    onChanged: event('storage'),
  },
  tabs: {
    async query({ url }: { url?: string }) {
      if (url !== undefined) return reply([]);
      const all = await reply([found]);
      scans += 1;
      return all;
    },
    get: () => reply({ id: TAB + 1 }),
    remove: (tab: number) => reply(windows.push(`close ${tab}`)),
    onRemoved: event('removed'),
  },
  windows: {
    getLastFocused: () => reply({}),
    async create() {
      windows.push('open');
      return reply({ tabs: [{ id: TAB + 1 }] });
    },
    update: () => reply(windows.push('focus')),
  },
  scripting: {
    getRegisteredContentScripts: () => reply([{ matches: [`${W}*`] }]),
    executeScript: () => reply([]),
  },
  alarms: { create: () => undefined, clear: () => undefined, onAlarm: event('alarm') },
  action: { setIcon: () => reply(undefined), setTitle: () => reply(undefined), setBadgeText: () => reply(undefined) },
  webRequest: { onBeforeRequest: event('request'), onErrorOccurred: event('request-fails'), onCompleted: event('request-completes') },
  webNavigation: { onBeforeNavigate: event('begins'), onCommitted: event('commits'), onErrorOccurred: event('fails') },
};

test('B-E2b the window opens once although the worker was woken by an older page of the tab', async () => {
  Object.assign(globalThis, { browser, chrome: browser });
  await import('../../extension/background.ts');
  tell('begins', { url: 'about:blank' });
  tell('commits', { url: 'about:blank', transitionType: 'start_page', transitionQualifiers: [] });
  tell('begins', { url: W });
  tell('request', { url: W, requestId: '1' });
  tell('request', { url: IDP, requestId: '1' });
  while (!(scans > 0 && windows.length > 0)) await turn();
  await turn();
  assert.deepEqual(windows, ['open']);
  assert.deepEqual(logged(TAB), ['tab 7: idle -> prompting (setting) on workspace']);
});

test('a portal that is past its sign-in is not asked about although a part of it still loads', async () => {
  const { port, say } = portalPort();
  listeners.get('connect')?.[0]?.(port);
  await turn();
  say({ v: 1, id: 1, type: 'portalState', body: { state: 'online' } });
  await turn();
  found = { id: PORTAL_TAB, url: W, pendingUrl: W, status: 'loading' };
  const before = scans;
  listeners.get('storage')?.[0]?.({}, 'managed');
  // The list of Workspaces is followed first, by a look of its own.
  while (scans < before + 2) await turn();
  await turn();
  assert.deepEqual(logged(PORTAL_TAB), []);
  assert.deepEqual(windows, ['open']);
});
