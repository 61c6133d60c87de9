/** What popup and prompt window have in common: their elements, and their port to the worker. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { untilHolds } from '../../until.ts';
import { type ExtensionPages, openExtensionPages } from '../page-in-browser.ts';

let pages: ExtensionPages;
before(async () => {
  pages = await openExtensionPages('extension/popup/popup.html', 'extension/popup/popup.ts');
});
after(() => pages[Symbol.asyncDispose]());

const MODEL = {
  version: '1.0.3',
  managed: false,
  workspaces: [],
  timeout: { on: true, seconds: 30, locked: false },
  portal: { state: 'looking' },
  offline: false,
  host: { state: 'closed' },
  saved: null,
};

test('a sign is drawn from the page’s own symbols, and read out by nobody', async () => {
  const { page, tell } = await pages.open();
  await tell({ is: 'popup', model: MODEL });
  const sign = await page.$eval('#hops svg', (svg) => [
    svg.getAttribute('class'),
    svg.getAttribute('aria-hidden'),
    svg.innerHTML.includes('href="#g-dash"'),
  ]);
  assert.deepEqual(sign, ['glyph', 'true', true]);
});

test('a worker that was stopped is connected to anew; what is not of the page’s shape changes nothing', async () => {
  const { stopWorker, ports, tell, text } = await pages.open();
  await stopWorker();
  await untilHolds(async () => (await ports()).length === 2);
  await tell({ is: 'popup', model: { ...MODEL, version: 5 } }).catch(() => {});
  assert.equal(await text('#version'), '');
  await tell({ is: 'popup', model: MODEL });
  assert.equal(await text('#version'), 'Holdfast 1.0.3');
});
