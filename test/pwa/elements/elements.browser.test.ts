/** The portal's elements, drawn by a real browser from their sources: what they show, and what they make of keys and clicks. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, KeyInput, Page } from 'puppeteer';
import type { PortalState } from '#core/machines/portal-states';
import { patience } from '../../patience.ts';
import { scriptOf } from '../../script-of.ts';
import { untilHolds } from '../../until.ts';
import { NOW, SINCE } from '../app-state.ts';
import { startBrowser } from '../browser.ts';
import type { Change, Did } from './stage.ts';

let browser: Browser;
let script: string;
let html: string;
let styles: string;
before(async () => {
  const read = (path: string) => readFile(new URL(`../../../pwa/${path}`, import.meta.url), 'utf8');
  [browser, script, html, ...[styles]] = await Promise.all([
    startBrowser(),
    scriptOf('test/pwa/elements/stage.ts', 'stage'),
    read('index.html').then((text) => text.replaceAll(/<meta http-equiv[^>]*>|<link[^>]*>|<script[^>]*><\/script>/gu, '')),
    Promise.all(['tokens', 'parts', 'portal'].map((name) => read(`styles/${name}.css`))).then((parts) => parts.join('\n')),
  ]);
});
after(() => browser.close());

const ONLINE: PortalState = { is: 'online' };
const OUTAGE = {
  is: 'offline',
  why: { by: 'outage', cause: 'timeout' },
  since: SINCE,
  back: 'no',
  tried: undefined,
  retryAt: undefined,
  attempt: 1,
} as const;

interface Stage {
  readonly page: Page;
  set(change: Change): Promise<void>;
  /** a call of the stage, in the page */
  play(name: string, ...given: unknown[]): Promise<void>;
  asked(): Promise<readonly Did[]>;
  press(...keys: KeyInput[]): Promise<void>;
  text(selector: string): Promise<string>;
  texts(selector: string): Promise<string[]>;
  attribute(selector: string, name: string): Promise<string | null>;
  /** what the active element is: its id, or its words */
  focused(): Promise<string>;
  isShown(selector: string): Promise<boolean>;
  click(selector: string): Promise<void>;
}

/** `held`: timers of five seconds and more ring when the test says so. */
async function open(portal: PortalState, change: Change = {}): Promise<Stage> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1_280, height: 860 });
  await page.setContent(html);
  await page.addStyleTag({ content: styles });
  await page.evaluate(() => {
    const late: (() => void)[] = [];
    const { setTimeout: soon } = window;
    Object.assign(window, {
      ringLate: () => {
        for (const run of late.splice(0)) run();
      },
      setTimeout: (run: () => void, ms = 0) => (ms >= 5_000 ? late.push(run) : soon(run, ms)),
    });
  });
  await page.addScriptTag({ content: script });
  await page.evaluate((...given) => Reflect.get(window, 'stage').open(...given), portal, change);
  return {
    page,
    set: (more) => page.evaluate((given) => Reflect.get(window, 'stage').set(given), more),
    play: (name, ...given) =>
      page.evaluate((call, all) => Reflect.get(window, 'stage').set(Reflect.get(window, 'stage')[call](...all)), name, given),
    asked: () => page.evaluate(() => Reflect.get(window, 'stage').asked()),
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    text: (selector) => page.$eval(selector, (found) => found.textContent?.replaceAll(/\s+/gu, ' ').trim() ?? ''),
    texts: (selector) => page.$$eval(selector, (all) => all.map((found) => found.textContent?.replaceAll(/\s+/gu, ' ').trim() ?? '')),
    attribute: (selector, name) => page.$eval(selector, (found, wanted) => found.getAttribute(wanted), name),
    focused: () => page.evaluate(() => document.activeElement?.id || (document.activeElement?.textContent ?? '').trim()),
    isShown: (selector) => page.$eval(selector, (found) => found.checkVisibility()),
    click: (selector) => page.$eval(selector, (found) => void (found instanceof HTMLElement && found.click())),
  };
}

const tileOf = (key: string) => `.tile[data-key="${key}"]`;
const LEDGER = `${tileOf('apps/ledger')} .tile-open`;
const MAIL = `${tileOf('apps/mail')} .tile-open`;

describe('the list', () => {
  test('B-W1b has every feed’s resources in their groups, each with its kind', async () => {
    const { texts, attribute, text } = await open(ONLINE);
    assert.deepEqual(await texts('.group-name'), ['Apps', 'Desktops', 'Web apps']);
    assert.equal((await texts('.tile-open')).length, 11);
    assert.equal(await text(`${tileOf('apps/build-server')} .tile-kind`), 'SSH · Zurich');
    assert.equal(await attribute(`${tileOf('web/travel')} img`, 'src'), '/icons/aaaaaaaaaaaaaaaaaaaa.svg');
    const ground = (key: string) => attribute(`${tileOf(key)} .icon rect`, 'fill');
    const grounds = await Promise.all(['apps/ledger', 'apps/office-desktop', 'apps/build-server', 'web/wiki'].map(ground));
    assert.equal(new Set(grounds).size, 4, 'each kind has its own drawing');
  });

  test('filters by kind; the pressed filter is the one tab stop of them, and says how many there are', async () => {
    const { page, asked, attribute, press, focused, texts } = await open(ONLINE, { filter: 'desktop' });
    assert.deepEqual(await texts('.filter'), ['All 11', 'Apps 7', 'Desktops 2', 'Web apps 2']);
    assert.deepEqual(await page.$$eval('.filter[aria-pressed="true"]', (on) => on.map(({ textContent }) => textContent?.trim())), [
      'Desktops 2',
    ]);
    assert.equal(await attribute('.filter[aria-pressed="true"]', 'tabindex'), '0');
    assert.equal((await page.$$('.filter[tabindex="-1"]')).length, 3);
    assert.equal((await texts('.tile-open')).length, 2);
    await page.focus('.filter[aria-pressed="true"]');
    await press('ArrowRight');
    assert.equal(await focused(), 'Web apps 2');
    await press('Enter');
    assert.deepEqual(await asked(), [['filter', 'web']]);
  });

  test('shows what the search finds, and says where it finds nothing', async () => {
    const { set, texts, page } = await open(ONLINE, { search: 'ledg' });
    assert.deepEqual([await texts('.tile-open'), await page.$('.nothing')], [['Ledger'], null]);
    await set({ search: 'zzz' });
    assert.deepEqual(await texts('.nothing'), ['No match. Try fewer letters or another filter.']);
  });

  test('is drawn as far as the window shows it first, and whole as soon as there is time', async () => {
    const { page, play } = await open(ONLINE);
    await page.evaluate(() => {
      const { requestIdleCallback: idle } = window;
      const counts: number[] = [];
      Object.assign(window, { counts });
      window.requestIdleCallback = (run, options) =>
        idle((left) => {
          counts.push(document.querySelectorAll('.tile').length);
          run(left);
        }, options);
    });
    await play('list', 600);
    await untilHolds(async () => (await page.$$('.tile')).length === 602);
    const counts: number[] = await page.evaluate(() => Reflect.get(window, 'counts'));
    assert.deepEqual(counts, [27, 267, 507]);
  });
});

describe('a tile', () => {
  test('B-W4d that does not open can be reached and says why, with its badge', async () => {
    const { attribute, text, asked, click, isShown, page } = await open(OUTAGE);
    assert.equal(await attribute(MAIL, 'aria-disabled'), 'true');
    assert.equal(await text(`${tileOf('apps/mail')} .fresh`), 'No saved access on this deviceSaved at your next sign-in');
    assert.equal(await attribute(MAIL, 'aria-describedby'), 'tile-apps/mail-kind tile-apps/mail-note');
    assert.ok(await page.$(`${tileOf('apps/mail')}.dim .over use[href="#g-key"]`));
    await click(MAIL);
    assert.deepEqual([await asked(), await isShown('#about')], [[], true]);
    assert.equal(await text('#about-name'), 'Mail');
  });

  test('that opens is opened by a click, and by its key', async () => {
    const { attribute, asked, click, page, press } = await open(ONLINE);
    assert.deepEqual([await attribute(LEDGER, 'aria-disabled'), await attribute(LEDGER, 'aria-busy')], [null, null]);
    assert.equal(await attribute(LEDGER, 'aria-describedby'), 'tile-apps/ledger-kind');
    await click(LEDGER);
    await page.focus(MAIL);
    await press('Enter');
    assert.deepEqual(await asked(), [
      ['open', 'apps/ledger'],
      ['open', 'apps/mail'],
    ]);
  });

  test('that is opening is busy; one whose state is not known yet is, too, and says that', async () => {
    const { attribute, play, set, text, page } = await open(OUTAGE);
    assert.equal(await page.$(`${tileOf('apps/ledger')} .unseen`), null);
    await play('launch', 'apps/ledger', 'lease');
    assert.deepEqual([await attribute(LEDGER, 'aria-busy'), await attribute(tileOf('apps/ledger'), 'class')], ['true', 'tile busy']);
    await set({ host: { path: 'unknown', error: undefined }, portal: { is: 'starting', from: 'anywhere' } });
    assert.equal(await attribute(MAIL, 'aria-busy'), 'true');
    assert.equal(await text(`${tileOf('apps/mail')} .unseen`), 'Checking whether it opens');
    assert.equal(await attribute(MAIL, 'aria-describedby'), 'tile-apps/mail-kind tile-apps/mail-note');
  });

  const WAITING: Change = { host: { path: 'unknown', error: undefined } };
  test('pressed before its state is known is opened as soon as it is', async () => {
    const { asked, click, set } = await open(ONLINE, WAITING);
    await click(LEDGER);
    assert.deepEqual(await asked(), [['say', 'Checking whether Ledger opens']]);
    await set({ now: NOW + 1 });
    assert.deepEqual(await asked(), []);
    await set({ host: { path: 'ready', error: undefined } });
    assert.deepEqual(await asked(), [['open', 'apps/ledger']]);
    await set({ now: NOW + 2 });
    assert.deepEqual(await asked(), [], 'once');
  });

  test('pressed before its state is known says why it does not open', async () => {
    const { asked, click, set } = await open(ONLINE, WAITING);
    await click(MAIL);
    await set({ portal: OUTAGE, host: { path: 'ready', error: undefined } });
    assert.deepEqual((await asked()).slice(1), [['say', 'Mail: No saved access on this device']]);
  });

  test('pressed more than 5 s ago is not opened any more', async () => {
    const { asked, click, page, set } = await open(ONLINE, WAITING);
    await click(LEDGER);
    await page.evaluate(() => Reflect.get(window, 'ringLate')());
    await set({ host: { path: 'ready', error: undefined } });
    assert.deepEqual((await asked()).slice(1), []);
  });
});

describe('B-W16d by keyboard', () => {
  test('each group is one tab stop, the tile that had it last', async () => {
    const { page, press, focused, attribute } = await open(ONLINE);
    assert.equal((await page.$$('.tile-open[tabindex="0"]')).length, 3);
    await page.focus('.group:first-of-type .tile-open[tabindex="0"]');
    assert.equal(await focused(), 'Ledger');
    await press('ArrowRight');
    assert.equal(await focused(), 'Mail');
    await page.waitForFunction(
      (found) => document.querySelector(found)?.getAttribute('tabindex') === '0',
      { timeout: patience(10_000) },
      MAIL,
    );
    assert.equal(await attribute(LEDGER, 'tabindex'), '-1');
    await press('Tab');
    assert.equal(await focused(), 'Build server');
  });

  test('arrows follow the columns, and a key with Ctrl is the browser’s', async () => {
    const { page, press, focused } = await open(ONLINE);
    await page.focus(LEDGER);
    await press('ArrowDown');
    assert.equal(await focused(), 'Design Studio');
    await press('ArrowUp');
    assert.equal(await focused(), 'Ledger');
    await press('End');
    assert.equal(await focused(), 'Stock Room');
    await press('Home');
    assert.equal(await focused(), 'Ledger');
    await page.keyboard.down('Control');
    await press('End');
    await page.keyboard.up('Control');
    assert.equal(await focused(), 'Ledger');
  });

  test('Shift+Enter tells about a tile in place of opening it', async () => {
    const { page, press, asked, isShown } = await open(ONLINE);
    await page.focus(LEDGER);
    await page.keyboard.down('Shift');
    await press('Enter');
    await page.keyboard.up('Shift');
    assert.deepEqual([await asked(), await isShown('#about')], [[], true]);
  });

  test('/ leads to the search and ? to the list of keys, but not while somebody types, and not where they are off', async () => {
    const { page, press, focused, isShown, set, asked } = await open(ONLINE);
    await press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.matches('.search input')), true);
    await press('?');
    assert.equal(await isShown('#keys'), false);
    assert.deepEqual(await asked(), [['search', '?']]);
    await page.focus(LEDGER);
    await set({ singleKeys: false });
    await press('?');
    assert.equal(await isShown('#keys'), false);
    await press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.matches('.search input')), false);
    await set({ singleKeys: true });
    await page.focus(LEDGER);
    await press('?');
    assert.deepEqual([await isShown('#keys'), await focused()], [true, 'keys-title']);
  });

  for (const modifier of ['Control', 'Alt', 'Meta'] as const) {
    test(`a key with ${modifier} is not the page’s`, async () => {
      const { page, press, isShown } = await open(ONLINE);
      await page.keyboard.down(modifier);
      await press('?', '/', 'F6');
      await page.keyboard.up(modifier);
      assert.equal(await isShown('#keys'), false);
      assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
    });
  }

  test('Esc in the search clears it', async () => {
    const { page, press, asked, set } = await open(ONLINE);
    await page.focus('.search input');
    await press('Escape');
    assert.deepEqual(await asked(), []);
    await set({ search: 'led' });
    await press('Escape');
    assert.deepEqual((await asked())[0], ['search', '']);
  });

  test('F6 leads through strip, list and panel, and back', async () => {
    const { page, press, focused, play } = await open(OUTAGE);
    await play('launch', 'apps/ledger', 'lease');
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    const round: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      await press('F6');
      round.push(await focused());
    }
    assert.deepEqual(round, ['Reconnect to Workspace', 'Ledger', 'launch-title', 'Reconnect to Workspace']);
    await page.keyboard.down('Shift');
    await press('F6');
    assert.equal(await focused(), 'launch-title');
    await press('F6');
    assert.equal(await focused(), 'Ledger');
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await press('F6');
    await page.keyboard.up('Shift');
    assert.equal(await focused(), 'launch-title', 'backwards from nowhere: the last');
  });
});

describe('the top bar', () => {
  test('has name and state of the Workspace, and the search as it is typed', async () => {
    const { page, text, attribute, asked } = await open(OUTAGE, { search: 'x' });
    assert.deepEqual([await text('.brand-name'), await text('.brand .state')], ['Contoso Workspace', 'Offline since 10:42']);
    assert.equal(await page.title(), 'Contoso Workspace');
    assert.equal(await page.$eval('.search input', (input) => Reflect.get(input, 'value')), 'x');
    assert.equal(await attribute('.search input', 'aria-keyshortcuts'), '/');
    await page.type('.search input', 'y');
    assert.deepEqual(await asked(), [['search', 'xy']]);
  });

  test('has neither search nor account before anybody is known', async () => {
    const { page, text } = await open({ is: 'starting', from: 'anywhere' }, { known: null });
    assert.equal(await text('.brand-name'), 'Workspace');
    assert.deepEqual([await page.$('.search'), await page.$('.person')], [null, null]);
    assert.ok(await page.$('.topbar.no-search'));
  });

  test('counts the running sessions, and tells of each', async () => {
    const session = {
      session: 'A'.repeat(22),
      resource: { feed: 'apps', id: 'ledger' },
      name: 'Ledger',
      protocol: 'rdp',
      sessionHost: 'zurich-host-1',
      location: 'zurich',
      route: 'direct',
      mode: 'lease',
      since: NOW,
      viewer: 'FreeRDP',
      correlationId: '7f3a91c2',
    } as const;
    const { text, texts, set, page } = await open(ONLINE);
    assert.equal(await page.$('.nav-link .count'), null);
    assert.equal(await text('#running'), 'No session is running on this device.');
    await set({ sessions: [session] });
    assert.equal(await text('.nav-link .count'), ', 1 running session');
    assert.deepEqual(await texts('#running li strong'), ['Ledger']);
    assert.equal((await texts('#running dt'))[0], 'Host');
    await set({ sessions: [session, { ...session, session: 'B'.repeat(22) }] });
    assert.equal(await text('.nav-link .count'), ', 2 running sessions');
  });

  test('has the account: themes, keys, logs, and signing out, which asks first', async () => {
    const { page, asked, click, isShown, focused, text } = await open(ONLINE, { theme: 'dark' });
    assert.equal(await text('.person'), 'MK');
    assert.equal(await page.$eval('#account input:checked', (input) => input.parentElement?.textContent), 'Dark');
    await click('.person');
    await click('#account label:nth-child(2) input');
    const items = await page.$$('#account .item');
    await items[1]?.evaluate((item) => item instanceof HTMLElement && item.click());
    assert.deepEqual(
      (await asked()).map(([name, first]) => (name === 'theme' ? `${name} ${String(first)}` : name)),
      ['theme light', 'downloadLogs'],
    );
    await items[2]?.evaluate((item) => item instanceof HTMLElement && item.click());
    assert.deepEqual([await isShown('#account'), await isShown('#sign-out'), await focused()], [false, true, 'sign-out-title']);
    assert.match(await text('#sign-out-told'), /^Your saved access is deleted/u);
    await click('#sign-out .button.main');
    assert.deepEqual([await isShown('#sign-out'), await asked()], [false, []]);
    await items[2]?.evaluate((item) => item instanceof HTMLElement && item.click());
    await click('#sign-out .button:not(.main)');
    assert.deepEqual([await isShown('#sign-out'), await asked()], [false, [['signOut']]]);
  });

  test('B-W16e the theme is the page’s; the system’s own is none', async () => {
    const { page, set } = await open(ONLINE, { theme: 'dark' });
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    assert.equal(await theme(), 'dark');
    await set({ theme: 'system' });
    assert.equal(await theme(), undefined);
  });

  test('the list of keys turns single keys off', async () => {
    const { page, asked, click, texts, set } = await open(ONLINE);
    await page.keyboard.press('?');
    assert.deepEqual(await texts('#keys s'), []);
    await click('#keys input');
    assert.deepEqual(await asked(), [['singleKeys', false]]);
    await set({ singleKeys: false });
    assert.deepEqual(await texts('#keys s'), ['/', '?']);
    assert.deepEqual([await page.$('.search .kbd'), await page.$('#account .kbd')], [null, null]);
    await click('#keys .button');
    assert.equal(await page.$eval('#keys', (dialog) => Reflect.get(dialog, 'open')), false);
  });
});

describe('the strip', () => {
  test('B-W7a offers Reconnect, and not twice', async () => {
    const { asked, click, set, attribute, text } = await open(OUTAGE);
    assert.equal(await text('#access-title'), 'Some of your resources can’t be reached');
    await click('.access .button.main');
    assert.deepEqual(
      (await asked()).map(([name]) => name),
      ['reconnect'],
    );
    await set({ portal: { is: 'reconnecting', from: 'offline', since: SINCE } });
    assert.equal(await attribute('.access .button.main', 'aria-disabled'), 'true');
    await click('.access .button.main');
    assert.deepEqual(await asked(), []);
  });

  test('tells what was tried, and copies what an error needs', async () => {
    const error = { code: 'host_crashed', correlationId: '7f3a91c2' } as const;
    const { texts, click, asked, set, page } = await open(OUTAGE);
    assert.deepEqual(await texts('.evidence dt'), ['Workspace', 'Zurich']);
    assert.equal(await page.$('.access .copy'), null);
    await set({ host: { path: 'no-host', error } });
    await click('.access .copy');
    assert.deepEqual(await asked(), [['copyDetails', error]]);
    await set({ portal: ONLINE, host: { path: 'ready', error: undefined } });
    assert.deepEqual([await page.$('.access .button.main'), await page.$('.evidence')], [null, null]);
  });

  test('B-W13a shows a saving in numbers, without reading each out', async () => {
    const { attribute, set, page } = await open(ONLINE, { sync: { state: 'running', done: 3, total: 9 } });
    assert.deepEqual([await attribute('.access progress', 'max'), await attribute('.access progress', 'value')], ['9', '3']);
    assert.equal(await attribute('.access p', 'aria-live'), 'off');
    await set({ sync: { state: 'succeeded' } });
    assert.deepEqual([await page.$('.access progress'), await attribute('.access p', 'aria-live')], [null, null]);
  });

  test('each source has its state, and one that is not known yet has none', async () => {
    const { texts, set } = await open(ONLINE);
    assert.deepEqual(await texts('.sources li'), ['Contoso appslive', 'Web linkslive']);
    await set({ feeds: [] });
    assert.deepEqual(await texts('.sources li'), ['Contoso apps', 'Web links']);
  });

  test('B-W22b a notice opens again what it names, and is put away', async () => {
    const ended = [{ session: 'A'.repeat(22), resource: { feed: 'apps', id: 'ledger' }, name: 'Ledger' }];
    const losses = { byLocation: [['zurich', { is: 'sessions', location: 'zurich', name: 'Zurich', at: NOW, ended }]] };
    const { page, asked, texts, click } = await open(ONLINE);
    await page.evaluate(
      ({ byLocation }) => Reflect.get(window, 'stage').set({ losses: { byLocation: new Map(byLocation as never) } }),
      losses,
    );
    assert.deepEqual(await texts('section[aria-label] .button'), ['Open Ledger again', 'Put away']);
    await click('section[aria-label] .button:first-of-type');
    await click('section[aria-label] .button:last-of-type');
    assert.deepEqual(await asked(), [
      ['open', 'apps/ledger'],
      ['putAway', { what: 'loss', location: 'zurich' }],
    ]);
  });
});

test('B-W8a at the sign-in each way is a button, and no list is shown', async () => {
  const { texts, page, asked, click, set, attribute } = await open({ is: 'signing-in' });
  assert.deepEqual(await texts('.gate .button'), ['Sign in', 'Use Workspace offline']);
  assert.equal(await page.$('holdfast-list'), null);
  await click('.gate .button:nth-of-type(1)');
  await click('.gate .button:nth-of-type(2)');
  assert.deepEqual(
    (await asked()).map(([name]) => name),
    ['signIn', 'workOffline'],
  );
  await set({ portal: OUTAGE, known: null });
  assert.equal((await texts('.gate p')).length, 2);
  await click('.gate .button');
  assert.deepEqual(
    (await asked()).map(([name]) => name),
    ['reconnect'],
  );
  await set({ portal: { is: 'reconnecting', from: 'offline', since: SINCE } });
  assert.equal(await attribute('.gate .button', 'aria-disabled'), 'true');
});

test('B-W16b "About" marks a favourite, unmarks it, and closes', async () => {
  const { asked, click, isShown, text, set, page } = await open(ONLINE);
  await click(`${tileOf('apps/ledger')} .icon-button`);
  assert.equal(await isShown('#about'), true);
  assert.equal(await text('#about .item'), 'Add to favourites');
  await click('#about .item');
  assert.deepEqual([await asked(), await isShown('#about')], [[['favourite', 'apps/ledger']], false]);
  await set({ favourites: ['apps/ledger'] });
  assert.equal(await page.$eval('.group-name', (name) => name.textContent), 'Favourites');
  await click(`${tileOf('apps/ledger')} .icon-button`);
  assert.equal(await text('#about .item'), 'Remove from favourites');
});

describe('the launch panel', () => {
  test('B-W11b shows the phases, has the keyboard, and gives it back to the tile', async () => {
    const { page, play, focused, texts, text, set, attribute } = await open(OUTAGE);
    await page.focus(LEDGER);
    await play('launch', 'apps/ledger', 'lease');
    assert.equal(await focused(), 'launch-title');
    assert.equal(await text('#launch-title'), 'Opening Ledger');
    assert.equal(await text('dialog.panel .panel-head p'), 'Step 1 of 5: looking for saved access');
    assert.equal((await texts('.stages li')).length, 5);
    assert.equal(await attribute('.stages li:first-child', 'aria-current'), 'step');
    assert.equal(await attribute('.stages li:last-child', 'aria-current'), null);
    await play('stepped', { phase: 'choosing', mode: 'lease', detail: 'Zurich first' });
    assert.deepEqual((await texts('.stages small')).at(0), 'Zurich first');
    assert.match(await text('.stages li:first-child'), /, done$/u);
    await set({ launch: null });
    assert.equal(await focused(), 'Ledger');
    assert.equal(await page.$('dialog.panel'), null);
  });

  test('takes no keyboard from somebody who has gone on meanwhile', async () => {
    const { page, play, focused, set } = await open(OUTAGE);
    await page.focus(LEDGER);
    await play('launch', 'apps/ledger', 'lease');
    await page.focus('.search input');
    await play('failed', 'apps/ledger', { code: 3021 });
    assert.equal(await page.evaluate(() => document.activeElement?.matches('.search input')), true);
    await set({ launch: null });
    assert.notEqual(await focused(), 'Ledger');
  });

  test('B-W11c is cancelled by its button or by Esc, once', async () => {
    const { click, asked, play, attribute, text, press, set } = await open(OUTAGE);
    await play('launch', 'apps/ledger', 'lease');
    await click('.panel-foot .button');
    await press('Escape');
    assert.deepEqual(
      (await asked()).map(([name]) => name),
      ['cancelLaunch', 'cancelLaunch'],
    );
    await play('launch', 'apps/ledger', 'lease', { cancelling: true });
    assert.equal(await attribute('.panel-foot .button', 'aria-disabled'), 'true');
    assert.equal(await text('dialog.panel .panel-head p'), 'Cancelling');
    await set({ launch: null });
  });

  test('B-W11b says when saved access is used, and when it was open already', async () => {
    const { play, texts } = await open(OUTAGE);
    await play('launch', 'apps/ledger', 'asking');
    assert.deepEqual(await texts('dialog.panel .note strong'), []);
    await play('launch', 'apps/ledger', 'lease', { again: true });
    assert.deepEqual(await texts('dialog.panel .note strong'), ['It is already open', 'Using your saved access (lease)']);
  });

  test('B-W11d ends in success, which is closed', async () => {
    const { play, text, asked, click, press } = await open(OUTAGE);
    await play('launch', 'apps/ledger', 'lease');
    await play('stepped', { phase: 'running', mode: 'lease' });
    assert.deepEqual(
      [await text('#launch-title'), await text('dialog.panel .panel-head p')],
      ['Ledger is open', 'Its window is on your screen'],
    );
    await click('.panel-foot .button');
    await press('Escape');
    assert.deepEqual(
      (await asked()).map(([name]) => name),
      ['closeLaunch', 'closeLaunch'],
    );
  });

  test('B-W11d ends in an error with code, words, what to do, and an ID to copy', async () => {
    const { play, text, texts, asked, click, focused, page } = await open(OUTAGE);
    await play('launch', 'apps/ledger', 'lease');
    await play('failed', 'apps/ledger', { code: 3021, reason: 'full' });
    assert.deepEqual([await text('#launch-title'), await focused()], ['Ledger didn’t open', 'launch-title']);
    assert.equal(await text('.tag.stop'), 'Error 3021');
    assert.ok((await texts('.to-do li')).length > 0);
    assert.equal(await text('.support-id .code'), '7f3a-91c2-0000');
    assert.deepEqual((await texts('.support dd')).slice(0, 2), ['Step 1 of 5: looking for saved access', 'saved access (lease)']);
    await click('.support-id .button');
    assert.deepEqual(
      await asked(),
      [['copyDetails', { code: 3021, reason: 'full', correlationId: '7f3a-91c2-0000' }, 'apps/ledger']].map(([name, error]) => [
        name,
        error,
        { resource: 'apps/ledger', phase: 'finding', mode: 'lease' },
      ]),
    );
    await play('failed', 'apps/ledger', { code: 'missing_viewer', reason: 'rdp', correlationId: 'ffff-ffff' });
    assert.equal(await page.$('.tag.stop'), null);
    assert.equal(await text('.support-id .code'), 'ffff-ffff');
  });

  test('B-W11d offers what mends it: another try, or reconnecting', async () => {
    const { play, text, asked, click } = await open(OUTAGE);
    await play('failed', 'apps/ledger', { code: 3021, reason: 'full' });
    assert.equal(await text('.panel-foot .button.main'), 'Try again');
    await click('.panel-foot .button.main');
    assert.deepEqual(
      (await asked()).map(([name, first]) => (name === 'open' ? `open ${String(first)}` : name)),
      ['closeLaunch', 'open apps/ledger'],
    );
    await play('failed', 'apps/ledger', { code: 3006 });
    assert.equal(await text('.panel-foot .button.main'), 'Reconnect to Workspace');
    await click('.panel-foot .button.main');
    assert.deepEqual(
      (await asked()).map(([name]) => name),
      ['closeLaunch', 'reconnect'],
    );
    await click('.panel-foot .button:not(.main)');
    assert.deepEqual(
      (await asked()).map(([name]) => name),
      ['closeLaunch'],
    );
  });
});

describe('B-W7d what comes late moves no tile from under the pointer', () => {
  const top = ({ page }: Stage) => page.$eval(LEDGER, (tile) => Math.round(tile.getBoundingClientRect().top));
  const over = async ({ page }: Stage) => {
    const box = await (await page.$(LEDGER))?.boundingBox();
    assert.ok(box != null);
    await page.mouse.move(box.x + 20, box.y + 10);
  };
  const strip: Change = {
    portal: OUTAGE,
    leases: [],
    host: { path: 'no-host', error: { code: 'host_crashed', correlationId: '7f3a91c2' } },
  };

  test('nor does what goes', async () => {
    const stage = await open(ONLINE);
    await over(stage);
    const before = await top(stage);
    await stage.set(strip);
    assert.equal(await top(stage), before);
    await stage.set({ portal: ONLINE, host: { path: 'ready', error: undefined } });
    assert.equal(await top(stage), before);
  });

  test('the room that this takes above the list is given back when the pointer has gone', async () => {
    const stage = await open(OUTAGE, { leases: [] });
    await over(stage);
    await stage.set({ portal: ONLINE, notices: null });
    await stage.set({ portal: { is: 'online' }, sync: { state: 'running' } });
    const room = () =>
      stage.page.$eval('holdfast-portal', (page) =>
        Number.parseInt(Reflect.get(page, 'style').getPropertyValue('--room-above') || '0', 10),
      );
    assert.ok((await room()) > 0);
    await stage.page.mouse.move(5, 5);
    assert.equal(await room(), 0);
  });

  test('where the pointer is elsewhere, the page is as long as it is', async () => {
    const stage = await open(ONLINE);
    await stage.page.mouse.move(5, 5);
    await stage.set(strip);
    const room = await stage.page.$eval('holdfast-portal', (page) => Reflect.get(page, 'style').getPropertyValue('--room-below'));
    assert.ok(room === '' || room === '0px');
  });

  test('a search that the person typed shows its results from the top', async () => {
    const stage = await open(OUTAGE);
    await over(stage);
    await stage.set({ search: 'ledger' });
    const room = await stage.page.$eval('holdfast-portal', (page) => Reflect.get(page, 'style').getPropertyValue('--room-above'));
    assert.ok(room === '' || room === '0px');
  });
});
