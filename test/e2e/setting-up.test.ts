/** What is missing or set up wrongly on the device, told where the person meets it: in the launch panel, the portal, the popup. */
import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Page } from 'puppeteer';
import * as v from 'valibot';
import { parse } from '#protocol/parse';
import { HostConfig } from '#protocol/vault';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { prepare, VIEWED } from './outages.ts';
import type { Portal } from './portal.ts';

let holdfast: Harness;
let popup = '';
before(async () => {
  holdfast = await startHarness();
  const worker = await until('the extension', extensionWorker);
  popup = new URL('popup.html', worker.url()).href;
});
after(() => holdfast.end());

const configFile = () => join(holdfast.system.report.dataDir, 'host', 'config.json');
const manifestFile = () => holdfast.system.report.nativeHostManifest;

/** With a file changed, or away (undefined), for a host that is started then; as it was afterwards, for one that is started after that. */
async function withFile(path: string, change: (text: string) => string | undefined, work: () => Promise<void>): Promise<void> {
  const kept = `${path}.kept`;
  renameSync(path, kept);
  try {
    const changed = change(readFileSync(kept, 'utf8'));
    if (changed !== undefined) writeFileSync(path, changed, { mode: 0o600 });
    await stopWorker();
    await work();
  } finally {
    renameSync(kept, path);
    await stopWorker();
  }
}

const changedConfig = (change: Partial<HostConfig>) => (text: string) =>
  JSON.stringify({ ...parse(HostConfig, JSON.parse(text)), ...change });

async function inLoadedPortal(t: TestContext, work: (portal: Portal) => Promise<void>): Promise<void> {
  await holdfast.inPortal(t, async (portal) => {
    await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
    await portal.tile('Terminal');
    await work(portal);
  });
}

const extensionWorker = () =>
  holdfast.browser.browser.targets().find((target) => target.type() === 'service_worker' && target.url().startsWith('chrome-extension:'));

/** As browsers do now and then; the host ends with it, and the next page starts both anew. */
async function stopWorker(): Promise<void> {
  const target = extensionWorker();
  if (target === undefined) return;
  await (await target.worker())?.close();
  // The next event may have started another one meanwhile.
  await until('the worker has stopped', () => !holdfast.browser.browser.targets().includes(target));
}

async function inPopup(work: (page: Page) => Promise<void>): Promise<void> {
  const page: Page = await holdfast.browser.newPage();
  try {
    await page.goto(popup);
    await work(page);
  } finally {
    await page.close();
  }
}

async function popupSays(pattern: RegExp): Promise<void> {
  await inPopup(async (page) => {
    // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts
    const shown = () => page.$eval('main', (main) => main.innerText.replace(/\s+/gu, ' '));
    await until(`the popup says ${pattern}`, async () => pattern.test(await shown()));
  });
}

/** The extension as it is when it has just been installed: it knows no Workspace. */
async function forgetWorkspaces(): Promise<void> {
  await inPopup(async (page) => void (await page.evaluate(FORGET)));
  await stopWorker();
}
const FORGET = `Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear(), chrome.scripting.unregisterContentScripts()])`;

/** The portal says this and an ID, under which the extension's log has it too. */
async function portalSays(t: TestContext, words: RegExp): Promise<void> {
  await inLoadedPortal(t, async (portal) => {
    await portal.untilText(new RegExp(`can.t be opened right now.*${words.source}.* ID [0-9a-f-]{14}`, 'u'));
    const id = / ID ([0-9a-f-]{14})/u.exec(await portal.text())?.[1] ?? '';
    await inPopup(async (page) => {
      const log = v.parse(v.array(v.string()), await page.evaluate("chrome.storage.session.get('log').then(({ log }) => log)"));
      assert.ok(
        log.some((line) => line.endsWith(id)),
        `${id} in ${log.join('\n')}`,
      );
    });
  });
}

async function opensTerminal(t: TestContext): Promise<void> {
  await inLoadedPortal(t, async (portal) => {
    await portal.untilText(/Ready for an outage/u, 60_000);
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    await holdfast.screen.closeWindows();
  });
}

test('alice signs in once', (t) => prepare(t, holdfast));

test('B-N8f without a viewer the launch panel says what to install, and the popup for which kind', async (t) => {
  const nowhere = join(holdfast.system.report.dataDir, 'no-such-viewer');
  await withFile(configFile(), changedConfig({ viewers: { ssh: nowhere } }), async () => {
    await inLoadedPortal(t, async (portal) => {
      await portal.untilText(/Ready for an outage/u, 60_000);
      await portal.launch('Terminal');
      await portal.untilText(
        /Terminal didn.t open.*No viewer for this kind of session is installed\. It is shown by OpenSSH and xterm\..*Ask your service desk/u,
      );
    });
    await popupSays(/Viewer .*none for SSH/u);
  });
  await opensTerminal(t);
});

const NO_HOST = /host isn’t installed for this browser\. Ask your service desk to install it, then open this again\./u;
const away = () => undefined;

test('without the native host, portal and popup say how to install it', async (t) => {
  await withFile(manifestFile(), away, async () => {
    await portalSays(t, NO_HOST);
    await popupSays(/Host setup not found.*Ask your service desk to install it/u);
  });
  await opensTerminal(t);
});

test('without the native host and before any Workspace is known, the portal does not miss the extension', async (t) => {
  await withFile(manifestFile(), away, async () => {
    await forgetWorkspaces();
    await portalSays(t, NO_HOST);
  });
  await opensTerminal(t);
});

const OTHER_ID = 'a'.repeat(32);
const Manifest = v.looseObject({ allowed_origins: v.array(v.string()) });
const REFUSED = /set up for another extension than this one\. Ask your service desk to install the host again/u;

test('a manifest for another extension: portal and popup say so and what to do', async (t) => {
  const forAnother = (text: string) =>
    JSON.stringify({ ...parse(Manifest, JSON.parse(text)), allowed_origins: [`chrome-extension://${OTHER_ID}/`] });
  await withFile(manifestFile(), forAnother, async () => {
    await portalSays(t, REFUSED);
    await popupSays(/for another browser.*Ask your service desk to install the host again/u);
    await forgetWorkspaces();
    await portalSays(t, REFUSED);
  });
  await opensTerminal(t);
});

test('a host set up for another extension: portal and popup say so and what to do', async (t) => {
  await withFile(configFile(), changedConfig({ extensions: [OTHER_ID] }), async () => {
    await portalSays(t, REFUSED);
    await popupSays(/for another browser.*Ask your service desk to install the host again/u);
  });
  await opensTerminal(t);
});

test('a host set up for another Workspace: the portal says so and what to do', async (t) => {
  const elsewhere = changedConfig({ workspaces: [{ url: 'https://elsewhere.example', name: 'Elsewhere' }] });
  await withFile(configFile(), elsewhere, () =>
    portalSays(t, /This Workspace isn’t set up on this device\. Ask your service desk to install the host again/u),
  );
  await opensTerminal(t);
});
