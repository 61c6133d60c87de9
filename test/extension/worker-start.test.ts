/** The whole worker over a browser in memory: what it makes of events that came while it was starting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

const W = 'https://workspace.example/';
const IDP = 'https://login.example/authorize';
const TAB = 7;

type Listener = (details: object) => unknown;

/** What the worker did to windows, in order, and its log. */
const windows: string[] = [];
const listeners = new Map<string, Listener[]>();
const session = new Map<string, unknown>();
const local = new Map<string, unknown>([
  ['workspaces', [{ url: 'https://workspace.example', name: 'Contoso' }]],
  ['timeout', { on: false, seconds: 30 }],
]);
let scanned = false;

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
      const found = await reply([{ id: TAB, url: 'about:blank', pendingUrl: W, status: 'loading' }]);
      scanned = true;
      return found;
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
  alarms: { create: () => undefined, clear: () => undefined, onAlarm: event('alarm') },
  action: { setIcon: () => reply(undefined), setTitle: () => reply(undefined) },
  webRequest: { onBeforeRequest: event('request'), onErrorOccurred: event('request-fails'), onCompleted: event('request-completes') },
  webNavigation: { onBeforeNavigate: event('begins'), onCommitted: event('commits'), onErrorOccurred: event('fails') },
};

test('B-E2 the window opens once although the worker was woken by an older page of the tab', async () => {
  Object.assign(globalThis, { browser, chrome: browser });
  await import('../../extension/background.ts');
  tell('begins', { url: 'about:blank' });
  tell('commits', { url: 'about:blank', transitionType: 'start_page', transitionQualifiers: [] });
  tell('begins', { url: W });
  tell('request', { url: W, requestId: '1' });
  tell('request', { url: IDP, requestId: '1' });
  while (!(scanned && windows.length > 0)) await turn();
  await turn();
  assert.deepEqual(windows, ['open']);
  const log = JSON.stringify(session.get('log'));
  assert.deepEqual(log.match(/tab 7: [^"]*/gu), ['tab 7: idle -> prompting (setting) on workspace']);
});
