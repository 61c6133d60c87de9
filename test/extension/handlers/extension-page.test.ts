/** What popup and prompt window may do, and what they are told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PopupModel, PromptModel } from '../../../extension/pages/messages.ts';
import type { World } from '../../../extension/world/world.ts';
import {
  type Beginning,
  type BrowserInMemory,
  EXTENSION_ID,
  openBrowser,
  type PageEnd,
  pageEnd,
  settle,
  startWorker,
  WORKSPACE,
} from '../browser-in-memory.ts';

const OTHER = 'https://other.example';
const STATUS = {
  leases: { valid: 9, ended: 0, resources: 9 },
  sync: { state: 'succeeded' },
  viewers: [{ protocol: 'rdp', name: 'FreeRDP', found: true }],
  clockLooksWrong: false,
};

test('only this extension’s own pages are served as such', async () => {
  const { isExtensionPage } = await import('../../../extension/handlers/extension-page.ts');
  const served = (sender: object | undefined) => isExtensionPage(pageEnd('popup', sender).port);
  assert.equal(served({ id: EXTENSION_ID, url: `chrome-extension://${EXTENSION_ID}/popup.html` }), true);
  assert.equal(served({ id: EXTENSION_ID, url: `${WORKSPACE}/` }), false, 'a portal page speaks through the extension’s own bridge');
  assert.equal(served({ id: 'another', url: `chrome-extension://${EXTENSION_ID}/popup.html` }), false);
  assert.equal(served({ id: EXTENSION_ID }), false);
  assert.equal(served(undefined), false);
});

interface Popup {
  readonly browser: BrowserInMemory;
  readonly world: World;
  readonly page: PageEnd;
  shown(): PopupModel;
}

async function popup(begin: Beginning = {}): Promise<Popup> {
  const { servePopup } = await import('../../../extension/handlers/extension-page.ts');
  const browser = openBrowser({ host: { status: () => STATUS }, ...begin });
  const world = await startWorker();
  const page = pageEnd('popup', undefined);
  void servePopup(page.port, world);
  await settle();
  const shown = (): PopupModel => Reflect.get(Object(page.heard.at(-1)), 'model');
  return { browser, world, page, shown };
}

describe('the popup', () => {
  test('shows at once what is known, then what each part answers', async () => {
    const { browser, page, shown } = await popup();
    await browser.pass(1);
    const first: PopupModel = Reflect.get(Object(page.heard[0]), 'model');
    assert.deepEqual([first.portal.state, first.host.state, first.saved], ['looking', 'connecting', null]);
    assert.deepEqual([shown().portal.state, shown().host.state, shown().saved?.valid], ['live', 'ready', 9]);
    assert.deepEqual(shown().workspaces, [{ url: WORKSPACE, name: 'Contoso' }]);
    assert.deepEqual([shown().version, shown().managed, shown().offline], ['1.0.3', false, false]);
  });

  test('B-E14b asks each part once, however much changes meanwhile', async () => {
    const { browser, world } = await popup();
    world.changed();
    world.changed();
    await settle();
    assert.deepEqual(
      browser.asked.map(({ type }) => type),
      ['status'],
    );
  });

  test('B-E9a, B-E14b says that there is no host, and asks it for nothing', async () => {
    const { browser, shown } = await popup({ host: 'Specified native messaging host not found.' });
    assert.equal(shown().host.state, 'missing');
    assert.match(String(Reflect.get(shown().host, 'details')), /host_missing/u);
    assert.equal(shown().saved, null);
    assert.deepEqual(browser.asked, []);
  });

  test('B-E11c puts the Workspace in the foreground first', async () => {
    const local = { workspaces: [WORKSPACE, OTHER].map((url) => ({ url, name: url })) };
    const names = async (url: string) => (await popup({ local, tabs: [{ id: 7, url }] })).shown().workspaces.map((one) => one.url);
    const host = { hello: () => ({ host: 'test', v: 1, workspaces: local.workspaces }), status: () => STATUS };
    assert.deepEqual(
      (await popup({ local, host, tabs: [{ id: 7, url: `${OTHER}/` }] })).shown().workspaces.map((one) => one.url),
      [OTHER, WORKSPACE],
    );
    assert.deepEqual((await names('https://news.example/'))[0], WORKSPACE);
  });

  test('says that a portal of this Workspace is offline', async () => {
    const portals = (workspace: string) => ({ portals: { 9: { workspace, report: 'offline' } } });
    assert.equal((await popup({ session: portals(WORKSPACE) })).shown().offline, true);
    assert.equal((await popup({ session: portals(OTHER), tabs: [{ id: 7, url: `${WORKSPACE}/` }] })).shown().offline, false);
    assert.equal((await popup({ session: { portals: { 9: { workspace: WORKSPACE, report: 'online' } } } })).shown().offline, false);
  });

  test('B-E1a takes the person’s timeout, and keeps it', async () => {
    const { browser, page, shown } = await popup();
    await page.say({ do: 'set-timeout', timeout: { on: true, seconds: 45 } });
    assert.deepEqual(shown().timeout, { on: true, seconds: 45, locked: false });
    assert.deepEqual(browser.local.get('timeout'), { on: true, seconds: 45 });
  });

  test('B-E13a the deadline is the one that is set, to the second', async () => {
    for (const seconds of [15, 30, 45, 60] as const) {
      const { browser, page, world } = await popup();
      await page.say({ do: 'set-timeout', timeout: { on: true, seconds } });
      world.watches.event(TAB, { type: 'workspace', workspace: WORKSPACE, host: 'workspace.example', navigation: 1, by: 'person' });
      await browser.pass((seconds - 1) * 1_000);
      assert.equal(world.watches.state(TAB).is, 'watching');
      await browser.pass(1_000);
      const state = world.watches.state(TAB);
      assert.ok(state.is === 'prompting' && state.reason.why === 'timeout', `${seconds} s`);
      assert.equal(state.reason.seconds, seconds);
    }
  });

  test('B-E11a the administrator sets Workspaces and timeout; a timeout that is locked stays as it is', async () => {
    const managed = { workspaces: [{ url: OTHER, name: 'Other' }], loginTimeout: { on: true, seconds: 60, locked: true } };
    const { browser, page, shown } = await popup({ managed });
    await page.say({ do: 'set-timeout', timeout: { on: false, seconds: 15 } });
    assert.deepEqual(shown().timeout, { on: true, seconds: 60, locked: true });
    assert.equal(browser.local.get('timeout'), undefined);
    assert.equal(shown().managed, true);
    assert.deepEqual(
      shown().workspaces.map(({ url }) => url),
      [OTHER, WORKSPACE],
    );
  });

  test('B-E4 "Go to" opens a known Workspace, with the window that offers to work offline', async () => {
    const { browser, page, world } = await popup();
    await page.say({ do: 'go-to-workspace', workspace: WORKSPACE });
    assert.deepEqual(browser.did[0], `new tab ${WORKSPACE}/`);
    const tab = browser.tabs[0]?.id ?? 0;
    assert.deepEqual(browser.did.slice(1), [`open prompt.html?tab=${tab}, in front`]);
    assert.equal(world.watches.state(tab).is, 'prompting');
    await page.say({ do: 'go-to-workspace', workspace: 'https://stranger.example' });
    assert.equal(browser.did.length, 2);
  });

  test('gives the log file', async () => {
    const { page } = await popup();
    await page.say({ do: 'logs' });
    assert.match(String(Reflect.get(Object(page.heard.at(-1)), 'text')), /worker started/u);
  });

  test('that is closed hears no more, and lets the host’s port close', async () => {
    const { browser, page, world } = await popup();
    await browser.pass(30_000);
    assert.equal(browser.open, true);
    await page.leave();
    const before = page.heard.length;
    world.changed();
    assert.equal(page.heard.length, before);
    await browser.pass(20_000);
    assert.equal(browser.open, false);
  });
});

const TAB = 7;

async function prompt(begin: Beginning = {}) {
  const { servePrompt } = await import('../../../extension/handlers/extension-page.ts');
  const browser = openBrowser({ host: { status: () => STATUS }, ...begin });
  const world = await startWorker();
  world.watches.event(TAB, { type: 'asked', workspace: WORKSPACE });
  await settle();
  const page = pageEnd(`prompt:${TAB}`, undefined);
  void servePrompt(page.port, TAB, world);
  await settle();
  const shown = (): PromptModel => Reflect.get(Object(page.heard.at(-1)), 'model');
  return { browser, world, page, shown };
}

describe('the prompt window', () => {
  test('shows why it asks, and what is saved as soon as the host has said so', async () => {
    const { page, shown } = await prompt();
    const first: PromptModel = Reflect.get(Object(page.heard[0]), 'model');
    assert.deepEqual([first.reason.why, first.saved], ['asked', { known: 'unknown' }]);
    assert.deepEqual(shown().saved, { known: 'yes', valid: 9, opens: 9, listed: undefined });
    assert.deepEqual([shown().workspaceName, shown().back], ['Contoso', false]);
  });

  test('without a host says so', async () => {
    const { shown } = await prompt({ host: 'Specified native messaging host not found.' });
    assert.deepEqual(shown().saved, { known: 'no-host' });
  });

  test('B-E5a "Use Workspace offline" takes the tab to offline mode and closes the window', async () => {
    const { browser, page, world } = await prompt();
    await page.say({ do: 'choose', choice: 'offline' });
    assert.equal(world.watches.state(TAB).is, 'idle');
    assert.ok(browser.did.includes(`tab ${TAB} to ${WORKSPACE}/?offline=choice, in front`));
    assert.ok(browser.did.includes('close the window'));
  });

  test('B-E5b "Try again" takes it to the start of the sign-in', async () => {
    const { browser, page, world } = await prompt();
    await page.say({ do: 'choose', choice: 'again' });
    assert.equal(world.watches.state(TAB).is, 'watching');
    assert.ok(browser.did.includes(`tab ${TAB} to ${WORKSPACE}/, in front`));
  });

  test('a look says that the Workspace is back only where its sign-in is, too', async () => {
    for (const [health, back] of [
      ['up', true],
      ['identity-down', false],
      ['refused', false],
    ] as const) {
      const { browser, page, shown } = await prompt({ health });
      await page.say({ do: 'look' });
      await browser.pass(1_500);
      assert.equal(shown().back, back, health);
    }
  });

  test('has the Workspace looked at when it asks for that, and not for a choice', async () => {
    const { browser, page } = await prompt();
    await browser.pass(100);
    const before = browser.looks;
    await page.say({ do: 'choose', choice: 'keep' });
    await browser.pass(100);
    assert.equal(browser.looks, before);
    await page.say({ do: 'look' });
    await browser.pass(100);
    assert.equal(browser.looks, before + 1);
  });

  test('B-E2f closing the window is the same as keeping the sign-in', async () => {
    const { browser, page, world } = await prompt();
    world.watches.event(TAB, { type: 'left' });
    world.watches.event(TAB, { type: 'workspace', workspace: WORKSPACE, host: 'workspace.example', navigation: 2, by: 'person' });
    await browser.pass(30_000);
    const before = world.watches.state(TAB);
    assert.ok(before.is === 'prompting' && before.reason.why === 'timeout');
    await page.leave();
    assert.equal(world.watches.state(TAB).is, 'watching');
  });

  test('of a tab that asks nothing closes, and says nothing', async () => {
    const { servePrompt } = await import('../../../extension/handlers/extension-page.ts');
    const url = `chrome-extension://${EXTENSION_ID}/prompt.html?tab=${TAB}`;
    const browser = openBrowser({ tabs: [{ id: 50, url }] });
    const world = await startWorker();
    const page = pageEnd(`prompt:${TAB}`, undefined);
    await servePrompt(page.port, TAB, world);
    await settle();
    assert.deepEqual([browser.did, page.heard], [['close the window'], []]);
  });

  test('that was seen is not opened again by a worker that starts anew', async () => {
    const { browser } = await prompt();
    const session = Object.fromEntries(browser.session);
    const later = openBrowser({ session });
    await startWorker();
    assert.deepEqual(later.did, []);
  });
});
