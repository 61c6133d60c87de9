/**
 * Takes the pictures of docs/pictures from the running system: `node test/e2e/pictures.ts`. The portal online, offline,
 * launching and with an error, in light and dark, wide and on a phone; popup and prompt.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { PROJECT_DIR } from '../runner/files.ts';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { forgetSession } from './outages.ts';
import { openPortal, type Portal } from './portal.ts';
import { untilPrompt } from './prompt.ts';

const PATHS = ['zurich-connector-1', 'zurich-connector-2', 'bern-connector-1', 'bern-connector-2', 'gateway-1', 'gateway-2'];
const FOLDER = join(PROJECT_DIR, 'docs', 'pictures');
const WIDE = { width: 1280, height: 860 };
// Not as a mobile device: that would load the page anew, and a launch with it.
const PHONE = { width: 360, height: 740 };

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

/** Both themes; `sizes`: wide only, or on a phone too. */
async function takeAll(page: Page, name: string, sizes: 'wide' | 'both' = 'both'): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    for (const [size, viewport] of Object.entries(sizes === 'wide' ? { wide: WIDE } : { wide: WIDE, phone: PHONE })) {
      await page.setViewport(viewport);
      await take(page, `${name}.${size}.${theme}`);
    }
  }
  await page.setViewport(WIDE);
}

async function load(holdfast: Harness, portal: Portal): Promise<void> {
  await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
}

async function portalPictures(holdfast: Harness, portal: Portal): Promise<void> {
  const { system } = holdfast;
  await portal.signIn('alice');
  await portal.untilText(/Ready for an outage/u, 60_000);
  await takeAll(portal.page, 'portal-online');
  await system.outage('cloud', 'stop');
  await load(holdfast, portal);
  await until('the terminal opens', async () => !(await portal.isDimmed('Terminal')));
  await portal.untilText(/checked (?:just|less|\d)/u);
  await takeAll(portal.page, 'portal-offline');
  // Every path hangs: the panel stays at its third step long enough, then says that no site answered.
  for (const part of PATHS) await system.outage(part, 'hang');
  await portal.launch('Archive');
  await portal.untilText(/Choosing a location/u);
  await takeAll(portal.page, 'portal-launching');
  await portal.untilText(/didn.t open/u, 40_000);
  await takeAll(portal.page, 'portal-error');
  for (const part of PATHS) await system.outage(part, 'restore');
  await until('the paths are back', async () => !(await portal.isDimmed('Archive')) && !(await portal.isDimmed('Terminal')), 90_000);
}

async function extensionPictures(holdfast: Harness): Promise<void> {
  const { browser } = holdfast.browser;
  const worker = await until('the extension', () => browser.targets().find((target) => target.url().endsWith('/background.js')));
  const popup = await holdfast.browser.newPage();
  await popup.setViewport({ width: 360, height: 600 });
  await popup.goto(new URL('popup.html', worker.url()).href);
  await until('the popup knows the leases', () => popup.evaluate(() => /opens \d/u.test(document.body.textContent ?? '')));
  await take(popup, 'popup.light');
  await popup.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await take(popup, 'popup.dark');
  await popup.close();

  const portal = openPortal(await holdfast.browser.newPage(), holdfast.system.report);
  await holdfast.system.outage('workspace', 'restore');
  await forgetSession(portal);
  void load(holdfast, portal).catch(() => {});
  const prompt = await untilPrompt(browser);
  await prompt.setViewport({ width: 420, height: 560 });
  await take(prompt, 'prompt.light');
  await prompt.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await take(prompt, 'prompt.dark');
}

mkdirSync(FOLDER, { recursive: true });
const holdfast = await startHarness();
try {
  const page = await holdfast.browser.newPage();
  await page.setViewport(WIDE);
  await portalPictures(holdfast, openPortal(page, holdfast.system.report));
  await extensionPictures(holdfast);
} finally {
  await holdfast.end();
}
