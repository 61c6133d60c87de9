/** The only door to the browser's extension interfaces, Chromium's and Firefox's alike. No decisions here. */
import browser, { type Runtime, type Windows } from 'webextension-polyfill';
import { PAGE_CALL } from '#protocol/page';
import type { Raw } from './watch/navigation.ts';
import type { Spot, WindowBox } from './watch/placement.ts';
import { originOf } from './workspaces/origin.ts';

/** A port between parts of the extension. Messages that arrive before there is a listener are kept for the first one. */
export interface Port {
  readonly name: string;
  readonly sender: Runtime.MessageSender | undefined;
  post(message: unknown): void;
  close(): void;
  onMessage(call: (message: unknown) => void): void;
  onClose(call: () => void): void;
}

function wrap(port: Runtime.Port): Port {
  let early: unknown[] = [];
  let open = true;
  const listeners: ((message: unknown) => void)[] = [];
  port.onMessage.addListener((message) => {
    if (listeners.length === 0) early.push(message);
    for (const call of listeners) call(message);
  });
  port.onDisconnect.addListener(() => {
    open = false;
    // Reading it stops Chromium from logging an error for a page in the back/forward cache.
    void browser.runtime.lastError;
  });
  return {
    name: port.name,
    sender: port.sender,
    post: (message) => {
      if (open) port.postMessage(message);
    },
    close: () => port.disconnect(),
    onMessage(call) {
      listeners.push(call);
      for (const message of early) call(message);
      early = [];
    },
    onClose(call) {
      if (open) port.onDisconnect.addListener(call);
      else call();
    },
  };
}

export const self = {
  id: browser.runtime.id,
  version: browser.runtime.getManifest().version,
  url: (path: string): string => browser.runtime.getURL(path),
  /** Any call resets the time after which an idle worker is stopped. */
  stayAwake: (): void => void browser.runtime.getPlatformInfo(),
  connect: (name: string): Port => wrap(browser.runtime.connect({ name })),
};

export const storage = {
  readSession: async (key: string): Promise<unknown> => (await browser.storage.session.get(key))[key],
  writeSession: (key: string, value: unknown): Promise<void> => browser.storage.session.set({ [key]: value }),
  readLocal: async (key: string): Promise<unknown> => (await browser.storage.local.get(key))[key],
  writeLocal: (key: string, value: unknown): Promise<void> => browser.storage.local.set({ [key]: value }),
  /** {} when there is no policy at all (Firefox throws) */
  readManaged: (): Promise<unknown> => browser.storage.managed.get().catch(() => ({})),
};

export const tabs = {
  /** `url`: where the tab is navigating; `shows`: its current page. */
  async all(): Promise<readonly { id: number; url: string; shows: string; loading: boolean }[]> {
    const found = await browser.tabs.query({});
    return found.flatMap(({ id, url = '', pendingUrl, status }) =>
      id === undefined ? [] : [{ id, url: pendingUrl ?? url, shows: url, loading: status === 'loading' }],
    );
  },
  async currentUrl(): Promise<string> {
    const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
    return tab?.url ?? '';
  },
  async create(url: string): Promise<number | undefined> {
    return (await browser.tabs.create({ url })).id;
  },
  async go(tab: number, url: string): Promise<void> {
    await browser.tabs.update(tab, { url, active: true });
  },
};

/** Windows with one tab each; named by that tab's id. */
export const promptWindow = {
  async find(page: string): Promise<readonly number[]> {
    const found = await browser.tabs.query({ url: browser.runtime.getURL(page) });
    return found.flatMap((tab) => tab.id ?? []);
  },
  isOpen: (tab: number): Promise<boolean> =>
    browser.tabs.get(tab).then(
      () => true,
      () => false,
    ),
  /** The foreground window, or the one that a tab is in; null where the browser does not say where it is. */
  async window(of: number | 'foreground'): Promise<WindowBox | null> {
    const found =
      of === 'foreground'
        ? browser.windows.getLastFocused()
        : browser.tabs.get(of).then(({ windowId }) => browser.windows.get(windowId ?? -1));
    const { id, left, top, width, height } = await found.catch((): Partial<WindowBox> => ({}));
    if (id === undefined || left === undefined || top === undefined || width === undefined || height === undefined) return null;
    return { id, left, top, width, height };
  },
  /** At the first of `places` that the browser takes (it refuses what is mostly off the screen), else where it likes. */
  async open(page: string, size: { width: number; height: number }, places: readonly Spot[], focused: boolean): Promise<number> {
    const options = { url: browser.runtime.getURL(page), type: 'popup' as const, focused, ...size };
    let made: Windows.Window | undefined;
    for (const place of places) made ??= await browser.windows.create({ ...options, ...place }).catch(() => undefined);
    made ??= await browser.windows.create(options);
    // Some window managers put a window without the keyboard behind the others.
    if (!focused && made.id !== undefined) await browser.windows.update(made.id, { drawAttention: true });
    return made.tabs?.[0]?.id ?? -1;
  },
  async focus(tab: number): Promise<void> {
    const { windowId } = await browser.tabs.get(tab);
    if (windowId !== undefined) await browser.windows.update(windowId, { focused: true, drawAttention: true });
  },
  close: (tab: number): Promise<void> => browser.tabs.remove(tab),
};

export const alarms = {
  set: (name: string, when: number): void => void browser.alarms.create(name, { when }),
  clear: (name: string): void => void browser.alarms.clear(name),
};

/** `--wait` of tokens.css: an outage is never red. */
const BADGE_COLOUR = '#7a4a00';

export const toolbarButton = {
  /** `badge`: at most four characters, '' for none */
  async show(icon: string, title: string, badge: string): Promise<void> {
    const path = { 16: `icons/${icon}-16.png`, 32: `icons/${icon}-32.png` };
    const { action } = browser;
    await Promise.all([action.setIcon({ path }), action.setTitle({ title }), action.setBadgeText({ text: badge })]);
    if (badge !== '') await action.setBadgeBackgroundColor({ color: BADGE_COLOUR });
  },
};

const BRIDGE = { id: 'bridge', js: ['bridge.js'], runAt: 'document_start' as const, allFrames: false };

export const contentBridge = {
  /** Runs the bridge on exactly these match patterns from now on. */
  async register(matches: string[]): Promise<void> {
    const [known] = await browser.scripting.getRegisteredContentScripts({ ids: [BRIDGE.id] });
    if (JSON.stringify(known?.matches ?? []) === JSON.stringify(matches)) return;
    if (known !== undefined) await browser.scripting.unregisterContentScripts({ ids: [BRIDGE.id] });
    if (matches.length > 0) await browser.scripting.registerContentScripts([{ ...BRIDGE, matches }]);
  },
  /** Injects it into a page that was already open. */
  async inject(tab: number): Promise<void> {
    await browser.scripting.executeScript({ target: { tabId: tab }, files: BRIDGE.js });
  },
};

/**
 * Opens the native messaging port. The reason for closing is `lastError` during the event in Chromium, a member of the
 * port in Firefox; '' when the browser gives none.
 */
export function openNative(
  name: string,
  onMessage: (message: unknown) => void,
  onClose: (words: string) => void,
): { post(message: unknown): void; close(): void } {
  const port = browser.runtime.connectNative(name);
  port.onMessage.addListener(onMessage);
  port.onDisconnect.addListener(() => onClose(port.error?.message ?? browser.runtime.lastError?.message ?? ''));
  return { post: (message) => port.postMessage(message), close: () => port.disconnect() };
}

export interface Listeners {
  onNavigation(tab: number, raw: Raw): void;
  onTabClosed(tab: number): void;
  /** a page without the bridge requests it */
  onCall(tab: number): void;
  onConnect(port: Port): void;
  onAlarm(name: string): void;
  onPolicyChanged(): void;
  /** installed, updated, or the browser started */
  onStart(): void;
}

const MAIN_FRAME: { urls: string[]; types: ['main_frame'] } = { urls: ['http://*/*', 'https://*/*'], types: ['main_frame'] };

/** Where the manifest's host permissions reach. */
const CALLS: { urls: string[]; types: ['xmlhttprequest'] } = {
  urls: [`https://*${PAGE_CALL}`, `http://*.localhost${PAGE_CALL}`],
  types: ['xmlhttprequest'],
};

/** Who started a request: `initiator` in Chromium, `originUrl` in Firefox; absent when a person did. */
function initiatorOf(details: object): string | null {
  const who = 'initiator' in details ? details.initiator : 'originUrl' in details ? details.originUrl : undefined;
  return typeof who === 'string' ? who : null;
}

/** Registers all listeners synchronously: it must be called while the worker's script first runs. */
export function listen(to: Listeners): void {
  const { webRequest, webNavigation } = browser;
  webRequest.onBeforeRequest.addListener((details) => {
    const { tabId, url, requestId } = details;
    to.onNavigation(tabId, { kind: 'request-begins', url, request: requestId, initiator: initiatorOf(details) });
    return undefined;
  }, MAIN_FRAME);
  webRequest.onBeforeRequest.addListener((details) => {
    const own = originOf(initiatorOf(details) ?? '') === originOf(details.url);
    if (details.tabId >= 0 && details.frameId === 0 && own) to.onCall(details.tabId);
    return undefined;
  }, CALLS);
  webRequest.onErrorOccurred.addListener(
    ({ tabId, url, requestId, error }) => to.onNavigation(tabId, { kind: 'request-fails', url, request: requestId, error }),
    MAIN_FRAME,
  );
  webRequest.onCompleted.addListener(
    ({ tabId, url, requestId, statusCode }) =>
      to.onNavigation(tabId, { kind: 'request-completes', url, request: requestId, status: statusCode }),
    MAIN_FRAME,
  );
  webNavigation.onBeforeNavigate.addListener(({ tabId, url, frameId }) => {
    if (frameId === 0) to.onNavigation(tabId, { kind: 'navigation-begins', url });
  });
  webNavigation.onCommitted.addListener((details) => {
    const { tabId, url, frameId } = details;
    const transition: string = 'transitionType' in details ? String(details.transitionType) : 'link';
    const qualifiers =
      'transitionQualifiers' in details && Array.isArray(details.transitionQualifiers) ? details.transitionQualifiers.map(String) : [];
    if (frameId === 0) to.onNavigation(tabId, { kind: 'committed', url, transition, qualifiers });
  });
  webNavigation.onErrorOccurred.addListener((details) => {
    const error = 'error' in details ? String(details.error) : '';
    if (details.frameId === 0) to.onNavigation(details.tabId, { kind: 'navigation-fails', url: details.url, error });
  });
  browser.tabs.onRemoved.addListener((tab) => to.onTabClosed(tab));
  browser.runtime.onConnect.addListener((port) => to.onConnect(wrap(port)));
  browser.alarms.onAlarm.addListener(({ name }) => to.onAlarm(name));
  browser.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') to.onPolicyChanged();
  });
  browser.runtime.onInstalled.addListener(() => to.onStart());
  browser.runtime.onStartup.addListener(() => to.onStart());
}
