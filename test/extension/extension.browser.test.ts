/** The extension in a real Chromium, with a native host of its own and Workspaces that hang, refuse and lie. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'puppeteer';
import * as v from 'valibot';
import { patience } from '../patience.ts';
import { need } from '../runner/need.ts';
import { until } from '../until.ts';
import { emptyHostFor, type HostFile, hostFor, openChromium, type Rig } from './browser-with-extension.ts';
import { openSites, type Site, type Sites } from './web-servers.ts';

/** How long the test waits for a window that comes at once; how fast it came is read in the extension's log. */
const SOON = 10_000;

/** Side by side: most of a test is waiting for a deadline, but each start of a browser keeps a processor busy for a second. */
const BROWSERS = 3;

let extension = '';
let sites: Sites;
const rigs: Rig[] = [];

async function rigWith(host: HostFile | null): Promise<Rig> {
  const rig = await openChromium(extension, host);
  rigs.push(rig);
  if (host !== null && host.workspaces.length > 0) await rig.untilHost();
  return rig;
}

/** No name below .invalid is anybody's. */
const NOWHERE = 'https://holdfast.invalid';
const withoutTls = ({ origin }: Site): string => origin.replace('http:', 'https:');

/** Types an address; what hangs never ends, so nobody waits for it. */
function go(page: Page, url: string): void {
  page.goto(url).catch(() => undefined);
}

/** Chromium now and then drops a second navigation that follows the first within milliseconds; a person would type it again. */
async function typeAgain(rig: Rig, page: Page, url: string, site: Site): Promise<void> {
  const before = site.asked;
  await rig.until(async () => {
    if (site.asked > before) return true;
    go(page, url);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return site.asked > before;
  });
}

async function words(page: Page): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: only what is shown counts
  return page.$eval('main', (main) => main.innerText.replace(/\s+/gu, ' '));
}

/** By script, because a tab in the background gets no pointer. */
async function press(page: Page, name: string): Promise<void> {
  const button = await page.waitForSelector(`button::-p-text(${name})`);
  await button?.evaluate((one) => one instanceof HTMLElement && one.click());
}

async function log(rig: Rig): Promise<readonly string[]> {
  return v.parse(v.array(v.string()), await rig.ask("chrome.storage.session.get('log').then(({ log }) => log)"));
}

/** When that came of a tab, by the extension's own log. ms */
function momentOf(lines: readonly string[], tab: number, what: string): number {
  return Date.parse(lines.find((line) => line.includes(`tab ${tab}: ${what}`))?.slice(0, 24) ?? '');
}

/** Seconds between watching and prompting of one tab. */
function waited(lines: readonly string[], tab: number, why: 'timeout' | 'outage' = 'timeout'): number {
  return (momentOf(lines, tab, `watching -> prompting (${why})`) - momentOf(lines, tab, 'idle -> watching')) / 1000;
}

before(async () => {
  [extension, sites] = await Promise.all([need('build').then((dist) => join(dist, 'extension')), openSites()]);
});
after(async () => {
  for (const rig of rigs) await rig.close();
  await sites.close();
});

describe('with a host', { concurrency: BROWSERS }, () => {
  let rig: Rig;
  let hanging: Site;
  let typed: Site;
  let silent: Site;
  let failing: Site;
  let captive: Site;
  let noIdentity: Site;
  let recovering: Site;
  let portal: Site;
  let kept: Site;
  let offline: Site;
  let refused = '';

  before(async () => {
    hanging = await sites.site('hanging', 'sign-in', 'answer');
    typed = await sites.site('typed', 'sign-in', 'answer');
    silent = await sites.site('silent', 'hang', 'hang');
    failing = await sites.site('failing', '503', 'answer');
    captive = await sites.site('captive', 'captive', 'captive');
    noIdentity = await sites.site('no-identity', 'sign-in', 'identity-down');
    recovering = await sites.site('recovering', '503', '503');
    portal = await sites.site('portal', 'portal', 'answer');
    kept = await sites.site('kept', 'portal', 'answer');
    offline = await sites.site('offline', 'portal', 'hang');
    refused = await sites.refused('refused');
    rig = await rigWith(
      hostFor(sites, [
        hanging,
        typed,
        silent,
        failing,
        captive,
        noIdentity,
        recovering,
        portal,
        offline,
        kept,
        refused,
        NOWHERE,
        withoutTls(failing),
      ]),
    );
    await rig.set('input[value="15"]');
  });

  test('B-E13a, B-E2a, B-E3a, B-E6d, B-W8a the window opens 15 s after a sign-in that hangs at another origin', async () => {
    const page = await rig.newTab();
    go(page, `${hanging.origin}/`);
    const prompt = await rig.prompt(page, 25_000);
    const asks = await words(prompt);
    assert.match(asks, /Still signing in\? login\.localhost:\d+ has not signed you in after 15 seconds/u);
    for (const way of ['Use Workspace offline', 'Try again', 'Keep signing in']) assert.ok(asks.includes(way), asks);
    const seconds = waited(await log(rig), rig.tabId(page));
    assert.ok(seconds > 14 && seconds < 16, `${seconds} s`);
  });

  describe('B-E6a, B-W8b a hard failure brings the window at once', () => {
    const failures: readonly (readonly [what: string, url: () => string, words: string])[] = [
      ['a refused connection', () => refused, String.raw`refused\.localhost:\d+ refused the connection`],
      ['a name that nobody has', () => NOWHERE, String.raw`holdfast\.invalid couldn’t be found`],
      ['somebody who speaks no TLS', () => withoutTls(failing), String.raw`failing\.localhost:\d+ couldn’t prove who it is`],
      ['an answer 503', () => failing.origin, String.raw`failing\.localhost:\d+ answered with an error`],
    ];
    for (const [what, url, says] of failures) {
      test(what, async () => {
        const page = await rig.newTab();
        go(page, `${url()}/`);
        const shown = await words(await rig.prompt(page, SOON));
        assert.ok(shown.includes('Use Workspace offline'), shown);
        assert.match(shown, new RegExp(String.raw`The Workspace (?:isn’t answering|isn’t working) At \S+, ${says}`, 'u'));
        const seconds = waited(await log(rig), rig.tabId(page), 'outage');
        assert.ok(seconds <= 2, `${seconds} s`);
      });
    }
  });

  test('B-E6b, B-W8c a hung Workspace brings the window', async () => {
    const page = await rig.newTab();
    go(page, `${silent.origin}/`);
    assert.match(
      await words(await rig.prompt(page, SOON)),
      /The Workspace isn’t answering At \S+, silent\.localhost:\d+ timed out.*Use Workspace offline/u,
    );
    const seconds = waited(await log(rig), rig.tabId(page), 'outage');
    assert.ok(seconds <= 2, `${seconds} s`);
  });

  test('a captive portal’s 200 is not an answer of the Workspace', async () => {
    const page = await rig.newTab();
    go(page, `${captive.origin}/`);
    assert.match(await words(await rig.prompt(page, SOON)), /something else answered in its place/u);
  });

  test('B-E6c the health document saying that the identity provider is down brings the window', async () => {
    const page = await rig.newTab();
    go(page, `${noIdentity.origin}/`);
    assert.match(
      await words(await rig.prompt(page, SOON)),
      /Sign-in isn’t answering no-identity\.localhost:\d+ says that its sign-in is down/u,
    );
  });

  test('B-E3b typing the Workspace URL again before sign-in is complete brings the window at once', async () => {
    const page = await rig.newTab();
    go(page, `${typed.origin}/`);
    await rig.until(() => typed.asked > 0 && sites.login.asked > 0);
    await typeAgain(rig, page, `${typed.origin}/`, typed);
    const typedAt = Date.now();
    await rig.prompt(page, SOON);
    const late = momentOf(await log(rig), rig.tabId(page), 'watching -> prompting (again)') - typedAt;
    assert.ok(late <= 2_000, `${late} ms`);
  });

  test('B-E5b "Try again" watches again, and the window closes when sign-in completes', async () => {
    const page = await rig.newTab();
    go(page, `${recovering.origin}/`);
    const first = await rig.prompt(page, SOON);
    recovering.page = 'portal';
    recovering.health = 'answer';
    await press(first, 'Try again');
    await rig.until(() => page.url() === `${recovering.origin}/` && !rig.hasPrompt(page));
    await page.waitForFunction(() => document.title === 'portal', { polling: 50 });
    assert.equal(rig.hasPrompt(page), false);
  });

  test('"Use Workspace offline" takes the tab to the portal’s offline mode', async () => {
    const page = await rig.newTab();
    go(page, `${refused}/`);
    await press(await rig.prompt(page, SOON), 'Use Workspace offline');
    await rig.until(() => !rig.hasPrompt(page));
    await rig.until(
      async () => (await rig.ask(`chrome.tabs.get(${rig.tabId(page)}).then((tab) => tab.url)`)) === `${refused}/?offline=choice`,
    );
  });

  test('a portal that has gone offline by itself is not covered by a window', async () => {
    const page = await rig.newTab();
    await page.goto(`${offline.origin}/#offline`);
    await rig.until(async () => (await log(rig)).some((line) => line.includes(`health of ${offline.origin}`)));
    assert.equal(rig.hasPrompt(page), false);
  });

  test('a portal from its service worker judges a silent Workspace itself; typing the URL again still asks', async () => {
    const site = kept;
    const page = await rig.newTab();
    await page.goto(`${site.origin}/`);
    await page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(() => undefined)");
    site.page = 'hang';
    site.health = 'hang';
    await page.goto(`${site.origin}/?1#signing-in`);
    await rig.until(async () => (await log(rig)).some((line) => line.includes(`health of ${site.origin}: silent`)));
    assert.equal(rig.hasPrompt(page), false);
    go(page, `${site.origin}/?2#signing-in`);
    assert.match(await words(await rig.prompt(page, SOON)), /has not signed you in yet/u);
  });

  test('popup and prompt have no accessibility violations', async () => {
    const page = await rig.newTab();
    go(page, `${refused}/`);
    const axe = await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
    for (const shown of [await rig.prompt(page, SOON), await rig.popup()]) {
      await shown.evaluate(axe);
      const found = await shown.evaluate('axe.run().then(({ violations }) => violations.map((one) => one.id))');
      assert.deepEqual(found, []);
    }
  });

  test('a portal page talks to the host through the extension, under the origin that the browser names', async () => {
    const page = await rig.newTab();
    await page.goto(`${portal.origin}/`);
    await page.evaluate("globalThis.asked = say('challenge', { workspace: 'https://other.example' })");
    const answered = 'heard.find((one) => one.id === asked)?.body?.challenge';
    await page.waitForFunction(answered, { polling: 50 });
    assert.equal(Buffer.from(String(await page.evaluate(answered)), 'base64url').toString(), portal.origin);
  });

  test('nothing of a page that is no Workspace here is passed on to a host that is set up for another', async () => {
    const other = await sites.site('other', 'portal', 'answer');
    const page = await rig.newTab();
    await page.goto(`${other.origin}/`);
    await page.waitForFunction("document.documentElement.hasAttribute('data-holdfast-extension')", { polling: 50 });
    await page.evaluate(`globalThis.asked = say('challenge', { workspace: '${portal.origin}' })`);
    await page.waitForFunction('heard.some((one) => one.id === asked)', { polling: 50 });
    assert.equal(await page.evaluate('heard.find((one) => one.id === asked).error?.code'), 'forbidden_caller');
  });

  test('B-E4 "Go to <name>" opens the Workspace with the window', async () => {
    const popup = await rig.popup();
    await press(popup, 'Go to Contoso 0');
    await rig.until(async () => (await log(rig)).some((line) => line.includes('prompting (asked)')));
    const tab = (await log(rig)).flatMap((line) => /tab (\d+): \w+ -> prompting \(asked\)/u.exec(line)?.[1] ?? [])[0];
    const target = await rig.browser.waitForTarget((one) => one.url().endsWith(`/prompt.html?tab=${tab}`), { timeout: patience(SOON) });
    const prompt = await target.asPage();
    await prompt.waitForSelector('main:not([hidden])');
    assert.match(await words(prompt), /Sign in, or work offline\?.*Use Workspace offline/u);
    assert.match(
      String(await rig.ask(`chrome.tabs.get(${tab}).then(({ url, pendingUrl }) => pendingUrl ?? url)`)),
      new RegExp(`^${hanging.origin}/`, 'u'),
    );
    await popup.close();
  });
});

describe('alone in a browser', { concurrency: BROWSERS }, () => {
  test('B-E13b the deadline holds although the worker is stopped meanwhile', async () => {
    const site = await sites.site('stopped', 'sign-in', 'answer');
    const rig = await rigWith(hostFor(sites, [site]));
    await rig.set('input[value="15"]');
    const page = await rig.newTab();
    go(page, `${site.origin}/`);
    await rig.until(async () => (await log(rig)).some((line) => line.includes('idle -> watching')));
    await rig.stopWorker();
    await rig.prompt(page, 25_000);
    const lines = await log(rig);
    const began = lines.findIndex((line) => line.includes('idle -> watching'));
    assert.ok(
      lines.slice(began).some((line) => line.endsWith('worker started')),
      'the worker was stopped and came back',
    );
    const seconds = waited(lines, rig.tabId(page));
    assert.ok(seconds > 14 && seconds < 16, `${seconds} s`);
  });

  test('B-E1a, B-E2h with the timeout off the window opens at once, and the setting stays', async () => {
    const site = await sites.site('setting', 'sign-in', 'answer');
    const rig = await rigWith(hostFor(sites, [site]));
    const stored = (): Promise<unknown> => rig.ask("chrome.storage.local.get('timeout').then(({ timeout }) => timeout?.seconds)");
    for (const seconds of [15, 30, 45, 60]) {
      await rig.set(`input[value="${seconds}"]`);
      await rig.until(async () => (await stored()) === seconds);
    }
    await rig.set('#on');
    const popup = await rig.popup();
    await popup.waitForFunction("!document.querySelector('#on').checked");
    assert.equal(await popup.$eval('#on', (one) => one instanceof HTMLInputElement && one.checked), false);
    await popup.close();
    await rig.stopWorker();
    const page = await rig.newTab();
    go(page, `${site.origin}/`);
    assert.match(await words(await rig.prompt(page, SOON)), /Sign in, or work offline\? The login timeout is off/u);
    const moment = momentOf(await log(rig), rig.tabId(page), 'idle -> prompting (setting)');
    assert.ok(!Number.isNaN(moment), 'it was not watched first');
  });

  test('a portal that was there before its Workspace was known is connected without a touch, and nothing is asked', async () => {
    const site = await sites.site('early', 'portal', 'answer');
    const rig = await openChromium(extension, hostFor(sites, [site], { late: 700 }));
    rigs.push(rig);
    const page = await rig.newTab();
    await page.goto(`${site.origin}/`);
    // Nothing is evaluated in the page: that would count as the person's touch.
    await rig.until(async () => (await rig.ask('chrome.action.getTitle({})')) === 'Ready: Contoso 0, host answers');
    assert.equal(rig.hasPrompt(page), false);
  });

  test('a page of an origin that is no Workspace here is told why, and is connected once the host names it', async () => {
    const site = await sites.site('unknown', 'portal', 'answer');
    const rig = await openChromium(extension, null);
    rigs.push(rig);
    const page = await rig.newTab();
    await page.goto(`${site.origin}/`);
    const missing = "heard.find((one) => one.id === 1)?.error?.code === 'host_missing' && heard[0].error.correlationId !== undefined";
    await page.waitForFunction(missing, { polling: 50 });
    await rig.install(hostFor(sites, [site]));
    // The host is tried again by itself, a little later each time.
    await page.waitForFunction("heard.some((one) => one.event === 'host' && one.state === 'ready')", { polling: 50 });
  });

  test('without saved access the window says so and offers no offline mode', async () => {
    const site = await sites.site('nothing', '503', 'answer');
    const rig = await rigWith(emptyHostFor(sites, [site]));
    const page = await rig.newTab();
    go(page, `${site.origin}/`);
    const prompt = await rig.prompt(page, SOON);
    await prompt.waitForSelector('#offline-way[hidden]', { timeout: patience(5_000) });
    assert.doesNotMatch(await words(prompt), /Use Workspace offline/u);
    assert.match(await words(prompt), /Nothing is saved on this device yet\. Sign in once while the Workspace answers\./u);
  });

  test('B-E2g without saved access no window comes at the deadline: badge and tooltip of the icon say it', async () => {
    const site = await sites.site('nothing-slow', 'sign-in', 'answer');
    const rig = await rigWith(emptyHostFor(sites, [site]));
    await rig.set('input[value="15"]');
    const page = await rig.newTab();
    go(page, `${site.origin}/`);
    const badge = (): Promise<unknown> => rig.ask('chrome.action.getBadgeText({})');
    await until('the badge', async () => (await badge()) === '!', 25_000);
    assert.equal(
      await rig.ask('chrome.action.getTitle({})'),
      'Contoso 0: still signing in; nothing is saved on this device to work offline with',
    );
    assert.equal(rig.hasPrompt(page), false);
    await page.close();
    await until('the badge goes with the tab', async () => (await badge()) === '', 5_000);
  });

  describe('B-E9a the popup says what is wrong with the host, and what to do', () => {
    test('a missing host is named, with what to do', async () => {
      const rig = await rigWith(null);
      const popup = await rig.popup();
      await popup.waitForSelector('#hops li.stop');
      assert.match(
        await words(popup),
        /Host missing.*Host setup not found The Holdfast host isn’t installed for this browser\. Ask your service desk to install it/u,
      );
      assert.match(await words(popup), /Host program waits/u);
      assert.match(await popup.$eval('#copy', (button) => button.getAttribute('value') ?? ''), /\ncommand: holdfast-host install\n/u);
      assert.equal(await rig.ask('chrome.action.getTitle({})'), 'Apps and desktops can’t be opened: the Holdfast host isn’t installed');
    });

    test('a host that stops is told apart from a missing one', async () => {
      const rig = await rigWith(hostFor(sites, [], { ends: true }));
      const popup = await rig.popup();
      await popup.waitForSelector('#hops li.stop');
      assert.match(await words(popup), /Host stopped.*Host setup found Host program stopped The Holdfast host stopped\. Try again\./u);
    });

    test('a host of another version is named', async () => {
      const rig = await rigWith(hostFor(sites, [], { v: 99 }));
      const popup = await rig.popup();
      // A busy machine may start the host too late for its first greeting; it is greeted again.
      await rig.until(async () => /Incompatible host.*Host answer incompatible .*incompatible versions\. \S/u.test(await words(popup)));
    });
  });
});
