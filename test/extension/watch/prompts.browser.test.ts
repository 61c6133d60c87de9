/** The window at the deadline on a real screen, with a window manager, while a person types into the sign-in form. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'puppeteer';
import * as v from 'valibot';
import { openScreen, type Screen } from '../../e2e/screen.ts';
import { need } from '../../runner/need.ts';
import { findProgram } from '../../setup/find.ts';
import { until } from '../../until.ts';
import { hostFor, openChromium, type Rig } from '../browser-with-extension.ts';
import { openSites, type Sites } from '../web-servers.ts';

const Box = v.object({ left: v.number(), top: v.number(), width: v.number(), height: v.number(), focused: v.boolean() });

let screen: Screen;
let manager: ChildProcess;
let sites: Sites;
let rig: Rig;

before(async () => {
  const extension = join(await need('build'), 'extension');
  [screen, sites] = await Promise.all([openScreen(), openSites()]);
  manager = spawn(findProgram('openbox') ?? 'openbox', [], { env: { ...process.env, DISPLAY: screen.display }, stdio: 'ignore' });
  sites.login.page = 'form';
  const site = await sites.site('slow', 'sign-in', 'answer');
  rig = await openChromium(extension, hostFor(sites, [site]), screen.display);
  await rig.untilHost();
  await rig.set('input[value="15"]');
});
after(async () => {
  await rig?.close();
  manager?.kill();
  await sites?.close();
  await screen?.close();
});

async function boxOf(page: Page): Promise<v.InferOutput<typeof Box>> {
  const url = JSON.stringify(page.url());
  return v.parse(
    Box,
    await rig.ask(`chrome.tabs.query({}).then((all) => chrome.windows.get(all.find((one) => one.url === ${url}).windowId))`),
  );
}

test('B-E2c the window at the deadline takes no key from the sign-in form and does not lie over it', async () => {
  const page = await rig.newTab();
  const origin = v.parse(v.string(), await rig.ask("chrome.storage.local.get('workspaces').then(({ workspaces }) => workspaces[0].url)"));
  await page.goto(`${origin}/`);
  await page.bringToFront();
  const typed = (): Promise<string> => page.$eval('input', (input) => input.value);
  await until('the form has the keyboard', async () => {
    screen.keys('x', 1);
    return (await typed()) !== '';
  });
  const before = await typed();
  const word = 'correct-horse-battery-staple';
  let keys = '';
  while (!rig.hasPrompt(page)) {
    screen.keys(word, 30);
    keys += word;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const prompt = await rig.prompt(page, 5_000);
  screen.keys(word, 30);
  keys += word;
  await until('every key has arrived in the form', async () => (await typed()) === before + keys, 5_000).catch(() => undefined);
  assert.equal(await typed(), before + keys);
  const [browser, window] = [await boxOf(page), await boxOf(prompt)];
  assert.deepEqual([browser.focused, window.focused], [true, false]);
  const form = await page.$eval('form', (one) => one.getBoundingClientRect().right);
  assert.ok(window.left > browser.left + form, `${window.left} px is left of ${browser.left + form} px`);
});
