/** The toolbar button of a worker: what the browser is told of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Beginning, openBrowser, settle, startWorker, WORKSPACE } from '../browser-in-memory.ts';

const OTHER = 'https://other.example';
const STATUS = { leases: { valid: 9, ended: 0, resources: 9 }, sync: { state: 'succeeded' }, viewers: [], clockLooksWrong: false };
const MISSING = 'Specified native messaging host not found.';

async function worker(begin: Beginning = {}) {
  const workspaces = [WORKSPACE, OTHER].map((url) => ({ url, name: url === WORKSPACE ? 'Contoso' : 'Other' }));
  const host = { hello: () => ({ host: 'test', v: 1, workspaces }), status: () => STATUS };
  const browser = openBrowser({ host, local: { workspaces }, ...begin });
  const world = await startWorker();
  return { browser, world };
}
const portals = (...reports: string[]) => ({
  session: { portals: Object.fromEntries(reports.map((report, tab) => [tab, { workspace: tab === 0 ? WORKSPACE : OTHER, report }])) },
});

test('B-E7a green while a portal is open and the host answers', async () => {
  const { browser, world } = await worker(portals('online'));
  assert.deepEqual(browser.button, { icon: 'icons/none-16.png', words: 'Contoso: waiting for the host', badge: '' });
  await world.host.look();
  await settle();
  assert.deepEqual(browser.button, { icon: 'icons/ready-16.png', words: 'Ready: Contoso, host answers', badge: '' });
});

test('B-E7b offline mode says how much opens', async () => {
  const { browser, world } = await worker(portals('offline'));
  assert.equal(browser.button.words, 'Offline: Contoso');
  await world.facts.askHost(WORKSPACE);
  assert.deepEqual(browser.button, { icon: 'icons/offline-16.png', words: 'Offline: 9 resources open', badge: '' });
  world.facts.listed(WORKSPACE, 15);
  world.changed();
  assert.equal(browser.button.words, 'Offline: 9 of 15 resources open');
});

test('B-E7b a host that is missing is said also where no portal is open', async () => {
  const { browser, world } = await worker({ host: MISSING });
  assert.equal(browser.button.icon, 'icons/none-16.png');
  await world.host.look();
  assert.equal(browser.button.icon, 'icons/host-16.png');
});

test('B-E7b a sign-in that takes long has a badge, which goes with it', async () => {
  const { browser, world } = await worker();
  world.watches.event(7, { type: 'workspace', workspace: OTHER, host: 'other.example', navigation: 1, by: 'person' });
  await browser.pass(30_000);
  assert.deepEqual(browser.button, {
    icon: 'icons/none-16.png',
    words: 'Other: still signing in; a window offers to work offline',
    badge: '!',
  });
  world.watches.event(7, { type: 'left' });
  assert.deepEqual([browser.button.words, browser.button.badge], ['No Workspace open', '']);
});

test('the browser is told what changes, and nothing twice', async () => {
  const { browser, world } = await worker(portals('online'));
  browser.button = { icon: '', words: '', badge: '' };
  world.changed();
  assert.equal(browser.button.words, '');
  world.portals.said(0, WORKSPACE, 'offline');
  world.changed();
  assert.equal(browser.button.words, 'Offline: Contoso');
});
