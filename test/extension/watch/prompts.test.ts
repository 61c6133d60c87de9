/** The prompt windows of a browser: one a tab. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrowserInMemory, EXTENSION_ID, openBrowser, settle } from '../browser-in-memory.ts';

const PAGE = `chrome-extension://${EXTENSION_ID}/prompt.html?tab=7`;

async function prompts(begin: Parameters<typeof openBrowser>[0] = {}) {
  const { createPrompts } = await import('../../../extension/watch/prompts.ts');
  const browser: BrowserInMemory = openBrowser({ tabs: [{ id: 7, url: 'https://login.example/' }], ...begin });
  const logged: string[] = [];
  return { browser, logged, windows: createPrompts((text) => void logged.push(text)) };
}

test('B-E2b a tab has one window, however often it is asked for', async () => {
  const { browser, windows } = await prompts();
  windows.show(7, 'beside');
  windows.show(7, 'beside');
  await settle();
  assert.deepEqual(browser.did, ['open prompt.html?tab=7', 'draw attention to the window']);
  windows.show(8, 'front');
  await settle();
  assert.deepEqual(browser.did.slice(2), ['open prompt.html?tab=8, in front']);
});

test('what a person asked for brings a window that is there to the front', async () => {
  const { browser, windows } = await prompts();
  windows.show(7, 'beside');
  windows.show(7, 'front');
  await settle();
  assert.deepEqual(browser.did.slice(2), ['focus the window']);
});

test('a worker that starts anew finds the window by its address', async () => {
  const { browser, windows } = await prompts({ tabs: [{ id: 50, url: PAGE }] });
  windows.show(7, 'beside');
  await settle();
  assert.deepEqual(browser.did, []);
  windows.close(7);
  await settle();
  assert.deepEqual(browser.did, ['close the window']);
});

test('opening and closing keep their order; a window that the person closed is opened anew', async () => {
  const { browser, windows } = await prompts();
  windows.show(7, 'front');
  windows.close(7);
  windows.show(7, 'front');
  await settle();
  assert.deepEqual(browser.did, ['open prompt.html?tab=7, in front', 'close the window', 'open prompt.html?tab=7, in front']);
  browser.tabs = [];
  windows.show(7, 'front');
  await settle();
  assert.equal(browser.did.length, 4);
});
