/** A real Chromium with the built extension, its own profile and a native host of the test's choice. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page, type Target } from 'puppeteer';
import { NATIVE_HOST_NAME } from '#protocol/host';
import { BROWSER_FLAGS, findBrowser } from '../../cli/up/browser.ts';
import { extensionId } from '../../extension/id.ts';
import { openPage } from '../open-page.ts';
import { patience } from '../patience.ts';
import { untilHolds } from '../until.ts';
import type { Site, Sites } from './web-servers.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

export interface HostFile {
  workspaces: { url: string; name: string }[];
  status: unknown;
  v?: number;
  ends?: boolean;
  /** how long it takes before its first reply, in milliseconds */
  late?: number;
}
export interface Rig {
  readonly browser: Browser;
  readonly id: string;
  /** A tab of its own, whose id the extension knows. */
  newTab(): Promise<Page>;
  tabId(page: Page): number;
  /** The prompt window of this tab, as soon as it is there and shows its words. `ms`: how long that may take on a quiet machine. */
  prompt(page: Page, ms: number): Promise<Page>;
  hasPrompt(page: Page): boolean;
  popup(): Promise<Page>;
  /** The Workspaces come from the host; a person has long signed in by then. */
  untilHost(): Promise<void>;
  /** Clicks a setting of the popup, and waits until it is kept. */
  set(selector: string): Promise<void>;
  /** Installs the native host that was not there. */
  install(host: HostFile): Promise<void>;
  /** Evaluates an expression in a page of the extension. */
  ask(expression: string): Promise<unknown>;
  until(what: () => boolean | Promise<boolean>): Promise<void>;
  /** Stops the extension's worker as the browser does, without a debugger on it. */
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

/** `host` null: no native host is installed for this browser. `display`: an X display to be seen on; without it the browser has no window. */
export async function openChromium(extension: string, host: HostFile | null, display?: string): Promise<Rig> {
  const profile = await mkdtemp(join(tmpdir(), 'holdfast-profile-'));
  const { key } = JSON.parse(await readFile(join(extension, 'manifest.json'), 'utf8'));
  const id = await extensionId(key);
  if (host !== null) await installHost(profile, id, host);
  const browser = await puppeteer.launch({
    executablePath: findBrowser(),
    pipe: true,
    enableExtensions: [extension],
    userDataDir: profile,
    ...(display !== undefined && { headless: false, env: { ...process.env, DISPLAY: display } }),
    args: [...BROWSER_FLAGS, '--no-sandbox', '--disable-gpu'],
  });
  await browser.waitForTarget((target) => target.type() === 'service_worker' && target.url().includes(id));

  const asking = await openPage(browser);
  await asking.goto(`chrome-extension://${id}/managed-schema.json`);
  const ids = new Map<Page, number>();
  const tabId = (page: Page): number => ids.get(page) ?? -1;
  const promptOf = (page: Page) => (target: Target) => target.url() === `chrome-extension://${id}/prompt.html?tab=${tabId(page)}`;
  const ask = (expression: string): Promise<unknown> => asking.evaluate(expression);

  async function popup(): Promise<Page> {
    const page = await openPage(browser);
    await page.goto(`chrome-extension://${id}/popup.html`);
    await page.waitForSelector('#hops li');
    return page;
  }

  return {
    browser,
    id,
    tabId,
    ask,
    install: (host) => installHost(profile, id, host),
    async newTab() {
      const page = await openPage(browser);
      const mark = `about:blank#${crypto.randomUUID()}`;
      await page.goto(mark);
      ids.set(page, Number(await ask(`chrome.tabs.query({}).then((all) => all.find((tab) => tab.url === '${mark}').id)`)));
      return page;
    },
    async prompt(page, ms) {
      const target = await browser.waitForTarget(promptOf(page), { timeout: patience(ms) });
      const prompt = await target.asPage();
      await prompt.waitForSelector('main:not([hidden])', { timeout: patience(15_000) });
      return prompt;
    },
    hasPrompt: (page) => browser.targets().some(promptOf(page)),
    popup,
    async untilHost() {
      const page = await popup();
      await page.waitForSelector('#workspaces button', { timeout: patience(10_000) });
      await page.close();
    },
    async set(selector) {
      const page = await popup();
      await page.click(selector);
      await untilHolds(
        async () => (await ask("chrome.storage.local.get('timeout').then(({ timeout }) => timeout !== undefined)")) === true,
      );
      await page.close();
    },
    until: untilHolds,
    async stopWorker() {
      const session = await browser.target().createCDPSession();
      const { targetInfos } = await session.send('Target.getTargets');
      const worker = targetInfos.find((info) => info.type === 'service_worker' && info.url.includes(id));
      if (worker === undefined) throw new Error('the worker does not run');
      await session.send('Target.closeTarget', { targetId: worker.targetId });
      await session.detach();
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A host that knows these Workspaces and holds 11 of 15 leases, unless told otherwise. */
export function hostFor(sites: Sites, all: readonly (Site | string)[], more: Partial<HostFile> = {}): HostFile {
  const workspaces = all.map((one, at) => ({ url: typeof one === 'string' ? one : one.origin, name: `Contoso ${at}` }));
  const status = {
    leases: { valid: 11, ended: 0, resources: 15 },
    sync: { state: 'succeeded', lastSuccess: Date.now() },
    viewers: [{ protocol: 'ssh', name: 'OpenSSH', found: true }],
    clockLooksWrong: false,
    workspaceStatement: sites.statement,
  };
  return { workspaces, status, ...more };
}

/** One that is there and has saved nothing. */
export function emptyHostFor(sites: Sites, all: readonly Site[]): HostFile {
  const leases = { valid: 0, ended: 0, resources: 0 };
  const { statement } = sites;
  return hostFor(sites, all, {
    status: { leases, sync: { state: 'never' }, viewers: [], clockLooksWrong: false, workspaceStatement: statement },
  });
}

async function installHost(profile: string, id: string, host: HostFile): Promise<void> {
  const folder = join(profile, 'NativeMessagingHosts');
  const program = join(folder, 'host.sh');
  const settings = join(folder, 'host-settings.json');
  await mkdir(folder, { recursive: true });
  await writeFile(settings, JSON.stringify(host));
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'test/extension/speaking-host.ts')}' '${settings}'\n`);
  await chmod(program, 0o755);
  const manifest = {
    name: NATIVE_HOST_NAME,
    description: 'test',
    path: program,
    type: 'stdio',
    allowed_origins: [`chrome-extension://${id}/`],
  };
  await writeFile(join(folder, `${NATIVE_HOST_NAME}.json`), JSON.stringify(manifest));
}
