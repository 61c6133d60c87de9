/**
 * A browser in memory, below `extension/webext.ts`: tabs, windows, storage, web servers and a native host as a test wants them.
 * There is one in a process, as there is for an extension; `openBrowser` empties it.
 */
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { HoldfastError, toWireError } from '#protocol/errors';
import { MARKER_HEADER } from '#protocol/feed';
import type { HostRequestType } from '#protocol/host';
import { TYP } from '#protocol/jose';
import { VERSION } from '#protocol/limits';
import type { Port } from '../../extension/webext.ts';
import type { World } from '../../extension/world/world.ts';

export const WORKSPACE = 'https://workspace.example';
export const EXTENSION_ID = 'extension';
const NOW = 1_800_000_000_000;

export interface MemoryTab {
  readonly id: number;
  readonly url: string;
  readonly pendingUrl?: string;
  readonly status?: 'loading' | 'complete';
}
/** How the Workspace's health document is had: an HTTP status of an error, or not at all. */
export type Health = 'up' | 'identity-down' | 'refused' | 'hangs' | number;

export interface Beginning {
  readonly tabs?: readonly MemoryTab[];
  readonly local?: Readonly<Record<string, unknown>>;
  readonly session?: Readonly<Record<string, unknown>>;
  readonly managed?: Readonly<Record<string, unknown>>;
  readonly health?: Health;
  /** what the native host answers besides `hello`; words: the browser's, why there is none */
  readonly host?: Answers | string;
}
export type Answers = Partial<Record<HostRequestType, (body: Readonly<Record<string, unknown>>) => unknown>>;

export interface BrowserInMemory {
  tabs: MemoryTab[];
  readonly local: Map<string, unknown>;
  readonly session: Map<string, unknown>;
  managed: Readonly<Record<string, unknown>>;
  health: Health;
  host: Answers | string;
  /** what the native host was asked, `hello` apart */
  readonly asked: { readonly type: string; readonly body: Readonly<Record<string, unknown>> }[];
  /** how often the Workspace's health document was asked for */
  looks: number;
  /** how often a native port was opened, and whether it still is */
  opened: number;
  open: boolean;
  /** what was done to tabs and windows, in order */
  readonly did: string[];
  button: { readonly icon: string; readonly words: string; readonly badge: string };
  readonly alarms: Map<string, number>;
  /** where the content bridge runs by itself, and into which tabs it was put */
  bridge: { readonly matches: readonly string[]; readonly into: number[] };
  /** an event of the browser; `nth`: for the nth of its listeners */
  tell(event: string, details: unknown, area?: string, nth?: number): void;
  /** the host says something unasked */
  hostSays(message: object): void;
  /** Lets so many milliseconds pass, and all that follows from it happen. */
  pass(ms: number): Promise<void>;
}

type Listener = (details: unknown, area?: string) => unknown;

let now: BrowserInMemory;
const listeners = new Map<string, Listener[]>();

/** All that follows from what has happened, without time passing. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 40; round += 1) await turn();
}

/** As the browser's replies: a task later, never at once. */
async function reply<T>(value: T): Promise<T> {
  await turn();
  return value;
}

function event(name: string): object {
  return { addListener: (call: Listener) => listeners.set(name, [...(listeners.get(name) ?? []), call]) };
}

export function openBrowser(begin: Beginning = {}): BrowserInMemory {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOW });
  listeners.clear();
  now = {
    tabs: [...(begin.tabs ?? [])],
    local: new Map(Object.entries({ workspaces: [{ url: WORKSPACE, name: 'Contoso' }], ...begin.local })),
    session: new Map(Object.entries(begin.session ?? {})),
    managed: begin.managed ?? {},
    health: begin.health ?? 'up',
    host: begin.host ?? {},
    asked: [],
    looks: 0,
    opened: 0,
    open: false,
    did: [],
    button: { icon: '', words: '', badge: '' },
    alarms: new Map(),
    bridge: { matches: [], into: [] },
    tell: (name, details, area, nth = 0) => void listeners.get(name)?.[nth]?.(details, area),
    hostSays: (message) => listeners.get('native')?.at(-1)?.(message),
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 100) {
        mock.timers.tick(Math.min(left, 100));
        await settle();
      }
    },
  };
  return now;
}

/** The worker's parts, as they are at its start. */
export async function startWorker(): Promise<World> {
  const { buildWorld } = await import('../../extension/world/build-world.ts');
  const world = await buildWorld();
  await settle();
  return world;
}

/** A page's end of a port to the worker, and the worker's. */
export interface PageEnd {
  readonly port: Port;
  readonly heard: unknown[];
  readonly closed: boolean;
  say(message: unknown): Promise<void>;
  leave(): Promise<void>;
}

export function pageEnd(name: string, sender: object | undefined): PageEnd {
  const calls: ((message: unknown) => void)[] = [];
  const leaving: (() => void)[] = [];
  let closed = false;
  const heard: unknown[] = [];
  return {
    heard,
    get closed() {
      return closed;
    },
    port: {
      name,
      sender,
      post: (message) => void heard.push(structuredClone(message)),
      close: () => {
        closed = true;
      },
      onMessage: (call) => void calls.push(call),
      onClose: (call) => void leaving.push(call),
    },
    say: async (message) => {
      for (const call of calls) call(message);
      await settle();
    },
    leave: async () => {
      for (const call of leaving) call();
      await settle();
    },
  };
}

/** The same over the browser's own port: the whole worker is at its other end. */
export function connectTo(browser: BrowserInMemory, name: string, sender: object | undefined): PageEnd {
  const hook = () => {
    const calls: ((message?: unknown) => void)[] = [];
    return { calls, addListener: (call: (message?: unknown) => void) => void calls.push(call) };
  };
  const [onMessage, onDisconnect] = [hook(), hook()];
  const end = pageEnd(name, sender);
  const port = { name, sender, postMessage: end.port.post, disconnect: end.port.close, onMessage, onDisconnect };
  browser.tell('connect', port);
  return {
    ...end,
    get closed() {
      return end.closed;
    },
    say: async (message) => {
      for (const call of onMessage.calls) call(message);
      await settle();
    },
    leave: async () => {
      for (const call of onDisconnect.calls) call();
      await settle();
    },
  };
}

function area(kept: () => Map<string, unknown>): object {
  return {
    get: (key: string) => reply(Object.fromEntries([...kept()].filter(([name]) => name === key))),
    set: (more: object) => {
      for (const [name, value] of Object.entries(more)) kept().set(name, structuredClone(value));
      return reply(undefined);
    },
  };
}

function connectNative(): object {
  const { host } = now;
  now.opened += 1;
  now.open = true;
  const port: { error?: Error } & Record<string, unknown> = {
    postMessage: ({ id, type, body }: { id: number; type: string; body: Readonly<Record<string, unknown>> }) => {
      const answers = now.host;
      if (typeof answers === 'string') return;
      if (type !== 'hello') now.asked.push({ type, body });
      void reply(undefined).then(() => listeners.get('native')?.at(-1)?.({ v: VERSION.host, id, ...answerOf(answers, type, body) }));
    },
    disconnect: () => {
      now.open = false;
    },
    onMessage: event('native'),
    onDisconnect: event('native-end'),
  };
  if (typeof host === 'string') {
    port.error = new Error(host);
    void reply(undefined).then(() => {
      now.open = false;
      listeners.get('native-end')?.at(-1)?.(port);
    });
  }
  return port;
}

const HELLO = { host: 'test', v: VERSION.host, workspaces: [{ url: WORKSPACE, name: 'Contoso' }] };

function answerOf(host: Answers, type: string, body: Readonly<Record<string, unknown>>): object {
  const answers: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => unknown>> = { hello: () => HELLO, ...host };
  try {
    const answer = answers[type];
    if (answer === undefined) throw new HoldfastError('bad_request');
    return { body: answer(body) };
  } catch (error) {
    return { error: toWireError(error) };
  }
}

function healthDocument(state: 'up' | 'down'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const at = Date.now();
  const header = { alg: 'EdDSA', typ: TYP.health, kid: 'A'.repeat(43) };
  return `${part(header)}.${part({ iss: 'workspace', now: at, identity: { state, since: at }, version: 1 })}.AAAA`;
}

async function fetchInMemory(_url: string, { signal }: { readonly signal: AbortSignal }): Promise<Response> {
  const { health } = now;
  signal.throwIfAborted();
  now.looks += 1;
  await turn();
  if (health === 'refused') throw new TypeError('Failed to fetch');
  if (health === 'hangs') return new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(signal.reason)));
  if (typeof health === 'number') return new Response('no', { status: health });
  return new Response(healthDocument(health === 'up' ? 'up' : 'down'), { headers: { [MARKER_HEADER]: '1' } });
}

const url = (path: string) => `chrome-extension://${EXTENSION_ID}/${path}`;
let lastTab = 100;

function newTab(address: string): number {
  lastTab += 1;
  now.tabs.push({ id: lastTab, url: address });
  return lastTab;
}

const browser = {
  runtime: {
    id: EXTENSION_ID,
    getManifest: () => ({ version: '1.0.3' }),
    getURL: url,
    getPlatformInfo: () => reply({}),
    connectNative,
    onConnect: event('connect'),
    onInstalled: event('installed'),
    onStartup: event('startup'),
  },
  storage: {
    session: area(() => now.session),
    local: area(() => now.local),
    managed: { get: () => reply(now.managed) },
    onChanged: event('storage'),
  },
  tabs: {
    query: async (which: { readonly url?: string; readonly active?: boolean }) => {
      if (which.url !== undefined) return reply(now.tabs.filter((tab) => tab.url === which.url));
      return reply(which.active === true ? now.tabs.slice(0, 1) : now.tabs);
    },
    get: async (id: number) => {
      const tab = await reply(now.tabs.find((one) => one.id === id));
      if (tab === undefined) throw new Error('No tab with that id.');
      return { ...tab, windowId: id };
    },
    create: ({ url: address }: { readonly url: string }) => {
      now.did.push(`new tab ${address}`);
      return reply({ id: newTab(address) });
    },
    update: (id: number, to: { readonly url: string; readonly active: boolean }) => {
      now.did.push(`tab ${id} to ${to.url}${to.active ? ', in front' : ''}`);
      return reply({});
    },
    remove: (id: number) => {
      now.tabs = now.tabs.filter((tab) => tab.id !== id);
      now.did.push('close the window');
      return reply(undefined);
    },
    onRemoved: event('removed'),
  },
  windows: {
    get: () => reply({ id: 1, left: 0, top: 0, width: 1280, height: 800 }),
    getLastFocused: () => reply({ id: 1, left: 0, top: 0, width: 1280, height: 800 }),
    create: (options: { readonly url: string; readonly focused: boolean }) => {
      now.did.push(`open ${options.url.slice(url('').length)}${options.focused ? ', in front' : ''}`);
      return reply({ id: 2, tabs: [{ id: newTab(options.url) }] });
    },
    update: (_id: number, change: { readonly focused?: boolean }) => {
      now.did.push(change.focused === true ? 'focus the window' : 'draw attention to the window');
      return reply({});
    },
  },
  scripting: {
    getRegisteredContentScripts: () => reply(now.bridge.matches.length === 0 ? [] : [{ matches: now.bridge.matches }]),
    registerContentScripts: ([script]: readonly { readonly matches: readonly string[] }[]) => {
      now.bridge = { ...now.bridge, matches: script?.matches ?? [] };
      return reply(undefined);
    },
    unregisterContentScripts: () => {
      now.bridge = { ...now.bridge, matches: [] };
      return reply(undefined);
    },
    executeScript: ({ target }: { readonly target: { readonly tabId: number } }) => reply(now.bridge.into.push(target.tabId)),
  },
  alarms: {
    create: (name: string, { when }: { readonly when: number }) => void now.alarms.set(name, when),
    clear: (name: string) => void now.alarms.delete(name),
    onAlarm: event('alarm'),
  },
  action: {
    setIcon: ({ path }: { readonly path: Readonly<Record<number, string>> }) => {
      now.button = { ...now.button, icon: path[16] ?? '' };
      return reply(undefined);
    },
    setTitle: ({ title }: { readonly title: string }) => {
      now.button = { ...now.button, words: title };
      return reply(undefined);
    },
    setBadgeText: ({ text }: { readonly text: string }) => {
      now.button = { ...now.button, badge: text };
      return reply(undefined);
    },
    setBadgeBackgroundColor: () => reply(undefined),
  },
  webRequest: { onBeforeRequest: event('request'), onErrorOccurred: event('request-fails'), onCompleted: event('request-completes') },
  webNavigation: { onBeforeNavigate: event('begins'), onCommitted: event('commits'), onErrorOccurred: event('fails') },
};
Object.assign(globalThis, { browser, chrome: browser, fetch: fetchInMemory });
