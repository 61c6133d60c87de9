/** A page of the extension in a real browser, from its sources; the worker is the test. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'puppeteer';
import { startBrowser } from '../pwa/browser.ts';
import { scriptOf } from '../script-of.ts';

export interface ExtensionPages extends AsyncDisposable {
  /** The page as it is before the worker has said anything; `prepare` runs in it before its own script, with what it is given. */
  open<Given>(prepare?: (given: Given) => void, given?: Given): Promise<ExtensionPage>;
}
export interface ExtensionPage {
  readonly page: Page;
  /** the worker says something */
  tell(message: object): Promise<void>;
  /** the worker is stopped */
  stopWorker(): Promise<void>;
  /** names of the ports that the page has opened */
  ports(): Promise<string[]>;
  /** what the page has said since the last call */
  said(): Promise<unknown[]>;
  text(selector: string): Promise<string>;
  /** whether it is shown */
  isShown(selector: string): Promise<boolean>;
}

/** `html` and `script`: paths in the project. */
export async function openExtensionPages(html: string, script: string): Promise<ExtensionPages> {
  const [markup, code, browser] = await Promise.all([
    readFile(new URL(`../../${html}`, import.meta.url), 'utf8'),
    scriptOf(script),
    startBrowser(),
  ]);
  return {
    open: async (prepare, given) => {
      const page = await browser.newPage();
      await page.setContent(markup.replace(/<script src[^>]*><\/script>/u, ''));
      await page.evaluate(extensionInPage);
      if (prepare !== undefined) await page.evaluate(prepare as (given: unknown) => void, given);
      await page.addScriptTag({ content: code });
      return onPage(page);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function onPage(page: Page): ExtensionPage {
  return {
    page,
    tell: (message) => page.evaluate((said) => Reflect.get(window, 'worker').tell(said), message),
    stopWorker: () => page.evaluate(() => Reflect.get(window, 'worker').stop()),
    ports: () => page.evaluate(() => Reflect.get(window, 'worker').ports),
    said: () => page.evaluate(() => Reflect.get(window, 'worker').said.splice(0)),
    text: (selector) => page.$eval(selector, (found) => found.textContent ?? ''),
    isShown: (selector) => page.$eval(selector, (found) => found.checkVisibility()),
  };
}

/** Runs inside the browser; refers to nothing outside itself. */
function extensionInPage(): void {
  const event = () => {
    const calls: ((message?: unknown) => void)[] = [];
    return { calls, addListener: (call: (message?: unknown) => void) => void calls.push(call) };
  };
  const worker = {
    ports: [] as string[],
    said: [] as unknown[],
    tell: (_message: unknown): void => {},
    stop: (): void => {},
  };
  const connect = ({ name }: { name: string }) => {
    const [onMessage, onDisconnect] = [event(), event()];
    worker.ports.push(name);
    worker.tell = (message) => {
      for (const call of onMessage.calls) call(message);
    };
    worker.stop = () => {
      for (const call of onDisconnect.calls) call();
    };
    return { name, postMessage: (message: unknown) => void worker.said.push(message), disconnect: () => {}, onMessage, onDisconnect };
  };
  const runtime = { id: 'extension', getManifest: () => ({ version: '1.0.3' }), getURL: (path: string) => path, connect };
  Object.assign(window, { worker, browser: { runtime }, chrome: { runtime } });
}
