/** The whole worker over a browser in memory: what it makes of its start, of tabs, of pages that speak to it. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type BrowserInMemory, connectTo, EXTENSION_ID, openBrowser, type PageEnd, settle, WORKSPACE } from './browser-in-memory.ts';

const W = `${WORKSPACE}/`;
const IDP = 'https://login.example/authorize';
const OTHER = 'https://other.example';
const TAB = 7;
const PORTAL_TAB = 9;
const POPUP = { id: EXTENSION_ID, url: `chrome-extension://${EXTENSION_ID}/popup.html` };

let browser: BrowserInMemory;
let portal: PageEnd;

/** What happens to a tab's main frame, or as `more` says. */
function tell(event: string, details: object, nth = 0): void {
  browser.tell(event, { tabId: TAB, frameId: 0, ...details }, undefined, nth);
}

async function told(event: string, details: object, nth = 0): Promise<void> {
  tell(event, details, nth);
  await settle();
}

function logged(tab: number): string[] {
  return JSON.stringify(browser.session.get('log')).match(new RegExp(`tab ${tab}: [^"]*`, 'gu')) ?? [];
}

const mainFrame = (tab: number, url: string) => ({ tab: { id: tab }, frameId: 0, url });

async function closeTab(tab: number): Promise<void> {
  browser.tabs = browser.tabs.filter(({ id }) => id !== tab);
  browser.tell('removed', tab);
  await settle();
}

before(async () => {
  browser = openBrowser({
    local: { timeout: { on: false, seconds: 30 } },
    session: { portals: { 90: { workspace: WORKSPACE, report: 'offline' }, 91: { workspace: WORKSPACE, report: 'offline' } } },
    tabs: [{ id: TAB, url: 'about:blank', pendingUrl: W, status: 'loading' }],
  });
  await import('../../extension/background.ts');
});

test('B-E2b the window opens once although the worker was woken by an older page of the tab', async () => {
  tell('begins', { url: 'about:blank' });
  tell('commits', { url: 'about:blank', transitionType: 'start_page', transitionQualifiers: [] });
  tell('begins', { url: W });
  tell('request', { url: W, requestId: '1' });
  await told('request', { url: IDP, requestId: '1' });
  assert.deepEqual(browser.did, [`open prompt.html?tab=${TAB}, in front`]);
  assert.deepEqual(logged(TAB), ['tab 7: idle -> prompting (setting) on workspace']);
});

test('B-E2b typed again the window is only brought to the front', async () => {
  await told('request', { url: W, requestId: '2' });
  assert.deepEqual(browser.did.slice(1), ['focus the window']);
});

test('a tab that is closed takes its window with it', async () => {
  browser.did.length = 0;
  await closeTab(TAB);
  assert.deepEqual(browser.did, ['close the window']);
});

test('a portal that was open before the worker was stopped is none any more once its tab shows something else, or is closed', async () => {
  const portals = () => Object.keys(Object(browser.session.get('portals')));
  await told('begins', { url: 'https://news.example/', tabId: 90 });
  await told('commits', { url: 'https://news.example/', tabId: 90, frameId: 2, transitionType: 'link', transitionQualifiers: [] });
  assert.deepEqual([portals(), browser.button.words], [['90', '91'], 'Offline: Contoso']);
  await told('commits', { url: 'https://news.example/', tabId: 90, transitionType: 'link', transitionQualifiers: [] });
  assert.deepEqual(portals(), ['91']);
  await closeTab(91);
  assert.deepEqual([portals(), browser.button.words], [[], 'No Workspace open']);
});

describe('what a tab does', () => {
  test('counts for its main frame only', async () => {
    browser.did.length = 0;
    await told('begins', { url: W, frameId: 3, tabId: 20 });
    await told('commits', { url: W, frameId: 3, tabId: 20, transitionType: 'typed', transitionQualifiers: [] });
    assert.deepEqual([browser.did, logged(20)], [[], []]);
  });

  test('B-E6a a failure of its sign-in is told at once, by whichever interface sees it', async () => {
    const failures: Readonly<Record<string, readonly [event: string, details: object]>> = {
      'request-fails': ['request-fails', { url: IDP, requestId: '1', error: 'net::ERR_CONNECTION_REFUSED' }],
      fails: ['fails', { url: IDP, error: 'net::ERR_NAME_NOT_RESOLVED' }],
      'request-completes': ['request-completes', { url: IDP, requestId: '1', statusCode: 503 }],
    };
    const world: Record<string, string[]> = {};
    const popup = connectTo(browser, 'popup', POPUP);
    await popup.say({ do: 'set-timeout', timeout: { on: true, seconds: 30 } });
    await popup.leave();
    let tabId = 30;
    for (const [name, [event, details]] of Object.entries(failures)) {
      tabId += 1;
      await told('request', { url: W, requestId: '1', tabId });
      await told('request', { url: IDP, requestId: '1', tabId });
      await told(event, { ...details, frameId: 1, tabId });
      await told(event, { ...details, tabId });
      world[name] = logged(tabId);
      await closeTab(tabId);
    }
    const asks = (tab: number) => [`tab ${tab}: idle -> watching on workspace`, `tab ${tab}: watching -> prompting (outage) on evidence`];
    assert.deepEqual(world, { 'request-fails': asks(31), fails: asks(32), 'request-completes': asks(33) });
  });

  test('a navigation that a page made, and a person did not, goes on with the sign-in', async () => {
    await told('request', { url: W, requestId: '5', tabId: 40 });
    await told('request', { url: 'https://news.example/', requestId: '6', initiator: WORKSPACE, tabId: 40 });
    await told('request', { url: 'https://news.example/', requestId: '7', originUrl: `${WORKSPACE}/x`, tabId: 40 });
    assert.deepEqual(logged(40), ['tab 40: idle -> watching on workspace']);
    await told('request', { url: 'https://news.example/', requestId: '8', tabId: 40 });
    assert.deepEqual(logged(40).slice(1), ['tab 40: watching -> idle on left']);
  });
});

describe('the deadline of a sign-in', () => {
  test('B-E13b is an alarm of the browser, which wakes a worker that was stopped', async () => {
    await told('request', { url: W, requestId: '1', tabId: 50 });
    const at = browser.alarms.get('watch:50');
    assert.equal(at, Date.now() + 30_000);
    browser.tell('alarm', { name: 'watch:50' });
    await settle();
    assert.deepEqual(logged(50), ['tab 50: idle -> watching on workspace'], 'it is not due yet');
    await browser.pass(30_000);
    assert.equal(logged(50).at(-1), 'tab 50: watching -> prompting (timeout) on due');
    assert.equal(browser.alarms.has('watch:50'), false);
    await closeTab(50);
  });

  test('B-E2d comes without anything being read of the sign-in’s pages', async () => {
    browser.bridge.into.length = 0;
    await told('request', { url: W, requestId: '1', tabId: 51 });
    await told('request', { url: IDP, requestId: '1', tabId: 51 });
    await told('commits', { url: IDP, tabId: 51, transitionType: 'link', transitionQualifiers: ['server_redirect'] });
    await browser.pass(30_000);
    assert.equal(logged(51).at(-1), 'tab 51: watching -> prompting (timeout) on due');
    assert.deepEqual(browser.bridge.into, []);
    assert.ok(!browser.bridge.matches.some((pattern) => pattern.includes('login.example')));
    await closeTab(51);
  });

  test('an alarm of something else is nobody’s', async () => {
    const before = logged(50).length;
    browser.tell('alarm', { name: 'other:50' });
    await settle();
    assert.equal(logged(50).length, before);
  });
});

describe('a page that requests the bridge', () => {
  const call = (more: object) =>
    told('request', { url: `${OTHER}/.well-known/holdfast/health`, requestId: '1', tabId: 60, initiator: OTHER, ...more }, 1);
  test('gets it, in a tab’s main frame and from its own origin only', async () => {
    browser.bridge.into.length = 0;
    await call({ frameId: 2 });
    await call({ tabId: -1 });
    await call({ initiator: 'https://elsewhere.example' });
    await call({ initiator: undefined });
    assert.deepEqual(browser.bridge.into, []);
    await call({});
    assert.deepEqual(browser.bridge.into, [60]);
    await call({ tabId: 0 });
    assert.deepEqual(browser.bridge.into, [60, 0]);
  });
});

describe('who connects', () => {
  test('is served by what the browser says of them, and nobody else is', async () => {
    const popup = connectTo(browser, 'popup', POPUP);
    portal = connectTo(browser, 'page', mainFrame(PORTAL_TAB, W));
    const stranger = connectTo(browser, 'page', mainFrame(61, `${OTHER}/`));
    const frame = connectTo(browser, 'page', { ...mainFrame(62, W), frameId: 4 });
    const other = connectTo(browser, 'popup', mainFrame(63, W));
    await settle();
    assert.equal(Reflect.get(Object(popup.heard[0]), 'is'), 'popup');
    assert.deepEqual(
      [popup, portal, stranger, frame, other].map(({ closed }) => closed),
      [false, false, false, true, true],
    );
    await stranger.say({ v: 1, id: 3, type: 'logs', body: { lines: [] } });
    assert.equal(Reflect.get(Object(Reflect.get(Object(stranger.heard.at(-1)), 'error')), 'code'), 'forbidden_caller');
    await portal.say({ v: 1, id: 1, type: 'portalState', body: { state: 'online' } });
    assert.deepEqual(portal.heard.at(-1), { id: 1, body: {} });
    await popup.leave();
    await stranger.leave();
  });

  test('the prompt window of a tab speaks for that tab', async () => {
    await told('request', { url: W, requestId: '1', tabId: 70 });
    await told('fails', { url: W, tabId: 70, error: 'net::ERR_CONNECTION_REFUSED' });
    const page = connectTo(browser, 'prompt:70', { id: EXTENSION_ID, url: `chrome-extension://${EXTENSION_ID}/prompt.html?tab=70` });
    await settle();
    await page.say({ do: 'choose', choice: 'offline' });
    assert.equal(
      browser.did.findLast((one) => one.startsWith('tab')),
      `tab 70 to ${W}?offline=choice, in front`,
    );
    await told('commits', { url: `${W}?offline=choice`, tabId: 70, transitionType: 'link', transitionQualifiers: [] });
    await page.leave();
    await closeTab(70);
  });
});

test('a portal that is past its sign-in is not asked about although a part of it still loads', async () => {
  browser.did.length = 0;
  browser.tabs = [{ id: PORTAL_TAB, url: W, pendingUrl: W, status: 'loading' }];
  browser.tell('storage', {}, 'managed');
  await settle();
  assert.deepEqual([browser.did, logged(PORTAL_TAB)], [[], []]);
});

test('B-E7a the icon is green while a portal is open and the host answers', () => {
  assert.deepEqual(browser.button, { icon: 'icons/ready-16.png', words: 'Ready: Contoso, host answers', badge: '' });
});

describe('B-E11a the administrator’s policy', () => {
  test('counts as soon as it changes, and what else is stored does not', async () => {
    browser.managed = { workspaces: [{ url: OTHER, name: 'Other' }] };
    browser.tell('storage', {}, 'local');
    await settle();
    assert.deepEqual(browser.bridge.matches.includes(`${OTHER}/*`), false);
    browser.tell('storage', {}, 'managed');
    await settle();
    assert.deepEqual(browser.bridge.matches, [`${OTHER}/*`, `${WORKSPACE}/*`]);
  });

  test('brings the bridge to pages that are open already', async () => {
    browser.bridge.into.length = 0;
    browser.tabs = [
      { id: 80, url: `${OTHER}/list` },
      { id: 81, url: 'https://news.example/' },
      { id: 82, url: 'https://news.example/', pendingUrl: `${OTHER}/` },
    ];
    browser.tell('storage', {}, 'managed');
    await settle();
    assert.deepEqual(browser.bridge.into, [80]);
  });
});

test('a portal that is closed is no open portal any more', async () => {
  await portal.leave();
  assert.equal(browser.button.words, 'No Workspace open');
});

for (const start of ['installed', 'startup']) {
  test(`B-E9a a browser that was ${start} looks at once whether the host answers, and lets go of it`, async () => {
    await browser.pass(60_000);
    const before = browser.opened;
    assert.equal(browser.open, false);
    browser.bridge = { matches: [], into: [] };
    browser.tell(start, {});
    await settle();
    assert.deepEqual([browser.opened, browser.open], [before + 1, true]);
    assert.deepEqual(browser.bridge.matches, [`${OTHER}/*`, `${WORKSPACE}/*`]);
    await browser.pass(20_000);
    assert.equal(browser.open, false);
  });
}
