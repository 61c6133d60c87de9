/** A page whose origin is no known Workspace learns why the host does not help it, and nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, pageEnd, settle, startWorker } from '../browser-in-memory.ts';

const OTHER = 'https://other.example';
const MAIN_FRAME = { tab: { id: 7 }, frameId: 0, url: `${OTHER}/` };

async function stranger(host: Parameters<typeof openBrowser>[0] = {}) {
  const { serveStranger, strangerSender } = await import('../../../extension/handlers/stranger.ts');
  const browser = openBrowser(host);
  const world = await startWorker();
  const page = pageEnd('page', MAIN_FRAME);
  const url = strangerSender(page.port);
  assert.ok(url !== null);
  serveStranger(page.port, url, world);
  await settle();
  return { browser, world, page };
}
const reasonOf = (said: unknown): unknown => {
  const { code, reason } = Object(Reflect.get(Object(said), 'error'));
  return [code, reason];
};

test('only the main frame of a tab counts as a page', async () => {
  const { strangerSender } = await import('../../../extension/handlers/stranger.ts');
  const urlOf = (sender: object | undefined) => strangerSender(pageEnd('page', sender).port);
  assert.equal(urlOf(MAIN_FRAME), `${OTHER}/`);
  assert.equal(urlOf({ ...MAIN_FRAME, frameId: 3 }), null);
  assert.equal(urlOf({ frameId: 0, url: `${OTHER}/` }), null);
  assert.equal(urlOf(undefined), null);
});

test('where the host answers, a stranger hears that its Workspace is not known; the host is asked for nothing', async () => {
  const { browser, page } = await stranger();
  assert.deepEqual(page.heard, []);
  await page.say({ v: 1, id: 4, type: 'sessions', body: { subject: 'mara-keller-1' } });
  assert.deepEqual(page.heard.map(reasonOf), [['forbidden_caller', 'workspace-unknown']]);
  assert.equal(Reflect.get(Object(page.heard[0]), 'id'), 4);
  assert.deepEqual(browser.asked, []);
});

test('where there is no host, a stranger hears that, unasked and asked', async () => {
  const { page } = await stranger({ host: 'Specified native messaging host not found.' });
  assert.deepEqual(page.heard.map(reasonOf), [['host_missing', undefined]]);
  await page.say({ v: 1, id: 5, type: 'sessions', body: {} });
  assert.deepEqual(reasonOf(page.heard.at(-1)), ['host_missing', undefined]);
});

test('what is no request gets no answer', async () => {
  const { page } = await stranger();
  await page.say('noise');
  await page.say({ type: 'sessions' });
  assert.deepEqual(page.heard, []);
});

test('once the host names its Workspace the page has to come again, as a known one', async () => {
  const { page, world } = await stranger();
  assert.equal(page.closed, false);
  await world.workspaces.fromHost({ host: 'test', v: 1, workspaces: [{ url: OTHER, name: 'Other' }] });
  assert.equal(page.closed, true);
});

test('a stranger that goes lets the host’s port close', async () => {
  const { browser, page } = await stranger();
  await browser.pass(30_000);
  assert.equal(browser.open, true);
  await page.leave();
  await browser.pass(20_000);
  assert.equal(browser.open, false);
});
