/** Sign-ins that don't come to an end, at the real identity provider on its own origin. */
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Page } from 'puppeteer';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { untilIdentityIs } from './health.ts';
import { forgetSession, prepare, VIEWED } from './outages.ts';
import type { Portal } from './portal.ts';
import { choose, promptIsOpen, untilPrompt } from './prompt.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

/** Goes to the Workspace without a session, up to the identity provider's form; tells when the navigation began. */
async function upToTheForm(portal: Portal): Promise<number> {
  await forgetSession(portal);
  const began = performance.now();
  await portal.page.goto(holdfast.system.report.workspaceUrl, { waitUntil: 'domcontentloaded' });
  await until(
    'the sign-in form',
    async () => portal.page.url().startsWith(holdfast.system.report.identityUrl) && (await portal.page.$('input[type=password]')) !== null,
  );
  return began;
}

async function submit(page: Page): Promise<void> {
  await page.type('input[autocomplete=username]', 'alice');
  await page.type('input[type=password]', 'whatever it is');
  void page.keyboard.press('Enter').catch(() => {});
}

/** Work in a tab while the identity provider may be broken; mended afterwards, whatever came of it. */
async function inBrokenTab(t: TestContext, work: (portal: Portal) => Promise<void>): Promise<void> {
  try {
    await holdfast.inPortal(t, work);
  } finally {
    await holdfast.screen.closeWindows();
    await mendIdentity();
  }
}

/** Over a navigation that has only just begun Chromium now and then drops the next one; a person types again. */
async function typeUntilPrompt(page: Page): Promise<Page> {
  return until(
    'the window after the address was typed again',
    async () => {
      void page.goto(holdfast.system.report.workspaceUrl).catch(() => {});
      return untilPrompt(holdfast.browser.browser, 400).catch(() => undefined);
    },
    5_000,
  );
}

async function mendIdentity(): Promise<void> {
  await holdfast.system.outage('identity', 'restore');
  // The Workspace looks every 2 s; until it has seen the provider again, its health document is evidence of an outage.
  await untilIdentityIs(holdfast.system, 'up');
}

async function setTimeoutTo(seconds: 15): Promise<void> {
  const worker = await until('the extension', () =>
    holdfast.browser.browser.targets().find((target) => target.type() === 'service_worker'),
  );
  const page = await holdfast.browser.newPage();
  await page.goto(new URL('popup.html', worker.url()).href);
  const choice = await until('the choice', async () => (await page.$(`aria/${seconds} seconds[role="radio"]`)) ?? undefined);
  await choice.evaluate((element) => (element as HTMLInputElement).click());
  await until('it is chosen', () => choice.evaluate((element) => (element as HTMLInputElement).checked));
  await page.close();
}

test('alice signs in once, and sets the login timeout to 15 s', async (t) => {
  await prepare(t, holdfast);
  await setTimeoutTo(15);
});

test('B-E3a the identity provider hangs in the middle of the sign-in: the window comes after 15 s, and a session runs', async (t) => {
  await inBrokenTab(t, async (portal) => {
    const began = await upToTheForm(portal);
    await holdfast.system.outage('identity', 'hang');
    await submit(portal.page);
    const prompt = await untilPrompt(holdfast.browser.browser, 20_000);
    const waited = (performance.now() - began) / 1_000;
    assert.ok(waited > 14 && waited < 16, `after ${waited.toFixed(1)} s`);
    await choose(prompt, 'Use Workspace offline');
    await until('the terminal opens', async () => !(await portal.isDimmed('Terminal')));
    await portal.launch('Terminal');
    await VIEWED.ssh.seen(holdfast);
  });
});

test('B-E5a the identity provider refuses in the middle of the sign-in: the window comes within 2 s', async (t) => {
  await inBrokenTab(t, async (portal) => {
    await upToTheForm(portal);
    await holdfast.system.outage('identity', 'stop');
    const began = performance.now();
    await submit(portal.page);
    const prompt = await untilPrompt(holdfast.browser.browser, 5_000);
    const waited = (performance.now() - began) / 1_000;
    assert.ok(waited < 2, `after ${waited.toFixed(1)} s`);
    await choose(prompt, 'Use Workspace offline');
    await portal.untilText(/Working offline/u);
  });
});

test('B-E3b the Workspace URL typed again while the sign-in hangs: the window comes at once', async (t) => {
  await inBrokenTab(t, async (portal) => {
    await upToTheForm(portal);
    await holdfast.system.outage('identity', 'hang');
    await submit(portal.page);
    assert.equal(await promptIsOpen(holdfast.browser.browser), false);
    const began = performance.now();
    const prompt = await typeUntilPrompt(portal.page);
    const waited = (performance.now() - began) / 1_000;
    assert.ok(waited < 2, `after ${waited.toFixed(1)} s`);
    await choose(prompt, 'Use Workspace offline');
    await portal.untilText(/Working offline/u);
  });
});

test('B-E5b "Try again" starts the sign-in from the beginning', async (t) => {
  await inBrokenTab(t, async (portal) => {
    await upToTheForm(portal);
    await holdfast.system.outage('identity', 'stop');
    await submit(portal.page);
    const prompt = await untilPrompt(holdfast.browser.browser);
    await mendIdentity();
    await choose(prompt, 'Try again');
    await until('the form is there again', async () => (await portal.page.$('input[type=password]')) !== null);
    await portal.fillSignIn('alice');
    await portal.untilText(/Ready for an outage/u);
  });
});
