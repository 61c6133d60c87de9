/** What is missing on the device, told where the person meets it: in the launch panel and in the popup. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Page } from 'puppeteer';
import { parse } from '#protocol/parse';
import { HostConfig } from '#protocol/vault';
import { type Harness, startHarness } from './harness.ts';
import { prepare, VIEWED } from './outages.ts';
import { openPortal, type Portal } from './portal.ts';
import { until } from './until.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

const configFile = () => join(holdfast.system.report.dataDir, 'host', 'config.json');

/** With a file changed for a host that is started then; as it was afterwards, for one that is started after that. */
async function withFile(path: string, change: (text: string) => string, work: () => Promise<void>): Promise<void> {
  const kept = `${path}.kept`;
  renameSync(path, kept);
  try {
    writeFileSync(path, change(readFileSync(kept, 'utf8')), { mode: 0o600 });
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
  const worker = await extensionWorker()?.worker();
  await worker?.close();
  await until('the worker has stopped', () => extensionWorker() === undefined);
}

async function popupSays(pattern: RegExp): Promise<void> {
  const worker = await until('the extension', extensionWorker);
  const page: Page = await holdfast.browser.newPage();
  try {
    await page.goto(new URL('popup.html', worker.url()).href);
    await until(`the popup says ${pattern}`, async () =>
      pattern.test((await openPortal(page, holdfast.system.report).text()).replace(/\s+/gu, ' ')),
    );
  } finally {
    await page.close();
  }
}

async function opensTerminal(t: TestContext): Promise<void> {
  await inLoadedPortal(t, async (portal) => {
    await portal.untilText(/Ready for an outage/u, 60_000);
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
    await holdfast.screen.closeWindows();
  });
}

test('B-N4 alice signs in once', (t) => prepare(t, holdfast));

test('B-N8 without a viewer the launch panel says what to install, and the popup for which kind', async (t) => {
  const nowhere = join(holdfast.system.report.dataDir, 'no-such-viewer');
  await withFile(configFile(), changedConfig({ viewers: { ssh: nowhere } }), async () => {
    await inLoadedPortal(t, async (portal) => {
      await portal.untilText(/Ready for an outage/u, 60_000);
      await portal.launch('Terminal');
      await portal.untilText(
        /Terminal didn.t open.*No viewer for this kind of session is installed.*sudo apt install openssh-client xterm/u,
      );
    });
    await popupSays(/Viewer .*none for SSH/u);
  });
  await opensTerminal(t);
});
