/** The popup's page, drawn by a real browser. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PopupModel } from '../../../extension/pages/messages.ts';
import { untilHolds } from '../../until.ts';
import { type ExtensionPage, type ExtensionPages, openExtensionPages } from '../page-in-browser.ts';

let pages: ExtensionPages;
before(async () => {
  pages = await openExtensionPages('extension/popup/popup.html', 'extension/popup/popup.ts');
});
after(() => pages[Symbol.asyncDispose]());

const WORKSPACES = [
  { url: 'https://workspace.contoso.example', name: 'Contoso Workspace' },
  { url: 'https://other.example', name: 'Other' },
];
const MODEL: PopupModel = {
  version: '1.0.3',
  managed: false,
  workspaces: WORKSPACES,
  timeout: { on: true, seconds: 30, locked: false },
  portal: { state: 'live', ms: 38 },
  offline: false,
  host: { state: 'ready', host: 'test', v: 3, roundTripMs: 2 },
  saved: { valid: 11, ended: 0, opens: 11, viewers: [{ protocol: 'rdp', name: 'FreeRDP', found: true }] },
};
const MISSING: PopupModel = {
  ...MODEL,
  host: { state: 'missing', error: 'The Holdfast host isn’t installed.', details: 'error: host_missing', at: 1 },
  saved: null,
};

async function popup(model: PopupModel = MODEL, prepare?: () => void): Promise<ExtensionPage & { show(next: PopupModel): Promise<void> }> {
  const page = await pages.open(prepare);
  const show = (next: PopupModel): Promise<void> => page.tell({ is: 'popup', model: next });
  await show(model);
  return { ...page, show };
}

describe('the popup shows', () => {
  test('which Workspace, and how it stands', async () => {
    const { text, page } = await popup();
    assert.deepEqual([await text('#name'), await text('#place')], ['Contoso Workspace', 'workspace.contoso.example']);
    assert.equal(await text('#state'), 'Ready');
    assert.equal(await page.$eval('#state', (state) => state.className.trim()), 'state');
    assert.equal(await text('#version'), 'Holdfast 1.0.3');
  });

  test('that there is none', async () => {
    const { text, isShown, page } = await popup({ ...MODEL, workspaces: [] });
    assert.deepEqual([await text('#name'), await text('#place')], ['Holdfast', 'No Workspace set up yet']);
    assert.equal(await isShown('#offline-part'), false);
    assert.ok(await page.$('#state.none'));
  });

  test('B-E14a each hop, and of the broken one why', async () => {
    const { page, isShown } = await popup(MISSING);
    const hops = await page.$$eval('#hops li', (items) =>
      items.map((item) => [item.className, ...[...item.querySelectorAll('span, p')].map((part) => part.textContent)]),
    );
    assert.deepEqual(hops[2], ['stop', 'Host setup', 'not found', 'The Holdfast host isn’t installed.']);
    assert.deepEqual(hops[0], ['', 'Portal', 'live · 38 ms']);
    assert.equal(
      await page.$$eval('#hops svg use', (signs) =>
        signs
          .map((sign) => sign.getAttribute('href'))
          .slice(0, 4)
          .join(' '),
      ),
      '#g-check #g-check #g-cross #g-dash',
    );
    assert.equal(await isShown('#copy'), true);
  });

  test('what works offline needs the host for', async () => {
    const { text, show, isShown } = await popup();
    assert.equal(await text('#about-offline'), 'Opens your saved list without signing in.');
    assert.equal(await isShown('#offline-part'), true);
    assert.equal(await isShown('#copy'), false);
    await show(MISSING);
    assert.equal(await text('#about-offline'), 'Shows your saved list. Opening needs the host.');
  });

  test('B-E11b what the administrator has set, and that it cannot be changed', async () => {
    const { page, text, isShown, show } = await popup({ ...MODEL, managed: true, timeout: { on: true, seconds: 60, locked: true } });
    assert.deepEqual([await isShown('#managed'), await isShown('#own')], [true, false]);
    assert.equal(await page.$eval('#setting', (setting) => setting.matches(':disabled')), true);
    assert.equal(await page.$eval('input[value="60"]', (choice) => choice.matches(':checked')), true);
    assert.equal(await text('#version'), 'Managed · Holdfast 1.0.3');
    await show(MODEL);
    assert.deepEqual([await isShown('#managed'), await isShown('#own')], [false, true]);
    assert.equal(await page.$eval('#setting', (setting) => setting.matches(':disabled')), false);
  });

  test('what the timeout does while it is off', async () => {
    const { page, text } = await popup({ ...MODEL, timeout: { on: false, seconds: 30, locked: false } });
    assert.match(await text('#own'), /^Off: Holdfast asks each time/u);
    assert.equal(await page.$eval('#on', (box) => box.matches(':checked')), false);
  });
});

describe('in the popup a person', () => {
  test('B-E1a sets the login timeout, and turns it off', async () => {
    const { page, said } = await popup();
    await page.$eval('input[value="45"]', (choice) => choice instanceof HTMLElement && choice.click());
    assert.deepEqual(await said(), [{ do: 'set-timeout', timeout: { on: true, seconds: 45 } }]);
    await page.$eval('#on', (box) => box instanceof HTMLElement && box.click());
    assert.deepEqual(await said(), [{ do: 'set-timeout', timeout: { on: false, seconds: 45 } }]);
  });

  test('B-E4 goes to a Workspace by its button, which keeps the keyboard while the rest changes', async () => {
    const { page, said, show } = await popup();
    const names = () => page.$$eval('#workspaces button', (buttons) => buttons.map((button) => button.textContent));
    assert.deepEqual(await names(), ['Go to Contoso Workspace', 'Go to Other']);
    await page.focus('#workspaces button:last-child');
    await show({ ...MODEL, offline: true });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Go to Other');
    await page.keyboard.press('Enter');
    assert.deepEqual(await said(), [{ do: 'go-to-workspace', workspace: 'https://other.example' }]);
    await show({ ...MODEL, workspaces: WORKSPACES.slice(0, 1) });
    assert.deepEqual(await names(), ['Go to Contoso Workspace']);
  });

  test('copies the details of what is broken, and hears where that is not allowed', async () => {
    const copying = () => {
      const copied: string[] = [];
      const writeText = async (text: string) => {
        if (Reflect.get(window, 'forbidden') === true) throw new Error('no');
        copied.push(text);
      };
      Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
      Object.assign(window, { copied });
    };
    const { page, text } = await popup(MISSING, copying);
    await page.click('#copy');
    await untilHolds(async () => (await text('#copy')) === 'Details copied');
    assert.deepEqual(await page.evaluate(() => Reflect.get(window, 'copied')), ['error: host_missing']);
    await page.evaluate(() => Object.assign(window, { forbidden: true }));
    await page.click('#copy');
    await untilHolds(async () => (await text('#copy')) === 'The browser does not allow copying');
  });

  test('B-E8a gets the logs as a file', async () => {
    const saving = () => {
      HTMLAnchorElement.prototype.click = function () {
        void fetch(this.href).then(async (file) => Object.assign(window, { saved: [this.download, await file.text()] }));
      };
    };
    const { page, said, tell } = await popup(MODEL, saving);
    await page.click('#logs');
    assert.deepEqual(await said(), [{ do: 'logs' }]);
    await tell({ is: 'logs', text: 'one line' });
    await untilHolds(() => page.evaluate(() => 'saved' in window));
    const [name, text]: string[] = await page.evaluate(() => Reflect.get(window, 'saved'));
    assert.match(name ?? '', /^holdfast-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.log$/u);
    assert.equal(text, 'one line');
  });

  test('does not notice that the browser stopped the worker meanwhile', async () => {
    const { stopWorker, ports, show, text, page, said } = await popup();
    await stopWorker();
    await untilHolds(async () => (await ports()).length === 2);
    assert.deepEqual(await ports(), ['popup', 'popup']);
    await show({ ...MODEL, offline: true });
    assert.equal(await text('#state'), 'Offline');
    await page.click('#logs');
    assert.deepEqual(await said(), [{ do: 'logs' }]);
  });
});
