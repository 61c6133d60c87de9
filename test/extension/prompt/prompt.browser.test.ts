/** The prompt window's page, drawn by a real browser. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PromptModel } from '../../../extension/pages/messages.ts';
import { type ExtensionPages, openExtensionPages } from '../page-in-browser.ts';

let pages: ExtensionPages;
before(async () => {
  pages = await openExtensionPages('extension/prompt/prompt.html', 'extension/prompt/prompt.ts');
});
after(() => pages[Symbol.asyncDispose]());

const MODEL: PromptModel = {
  workspace: 'https://workspace.contoso.example',
  workspaceName: 'Contoso Workspace',
  reason: { why: 'timeout', host: 'login.contoso.example', seconds: 30 },
  saved: { known: 'yes', valid: 11, opens: 11, listed: 15 },
  back: false,
};
const OUTAGE: PromptModel = {
  ...MODEL,
  reason: { why: 'outage', evidence: { kind: 'tab', host: 'login.contoso.example', cause: 'dns', at: 1 } },
};

/** Timers ring when the test says so; where the window stands on its screen is kept. */
const held = (): void => {
  const timers: { ms: number; run: () => void }[] = [];
  const moved: number[][] = [];
  Object.assign(window, {
    timers,
    moved,
    setInterval: (run: () => void, ms: number) => timers.push({ ms, run }),
    moveBy: (...by: number[]) => moved.push(by),
  });
};

async function prompt(model: PromptModel = MODEL) {
  const page = await pages.open(held);
  const show = (next: PromptModel): Promise<void> => page.tell({ is: 'prompt', model: next });
  await show(model);
  const main = () => page.page.$$eval('.button.main', (buttons) => buttons.map(({ id }) => id));
  return { ...page, show, main };
}

describe('the prompt window shows', () => {
  test('who asks, and why; what belongs together stays on one line', async () => {
    const { page, text } = await prompt();
    assert.equal(await text('#from'), 'Holdfast for Contoso Workspace');
    assert.equal(await text('#title'), 'Still signing in?');
    assert.equal(await page.title(), 'Still signing in?');
    assert.equal(await text('#text'), 'login.contoso.example has not signed you in after 30 seconds.');
    assert.deepEqual(await page.$$eval('#text .keep', (kept) => kept.map((one) => one.textContent)), [
      'login.contoso.example',
      '30 seconds',
    ]);
    assert.match(await text('#last'), /this window closes by itself/u);
  });

  test('B-E2e each way with what it brings', async () => {
    const { text, isShown, main } = await prompt();
    assert.equal(await text('#about-offline'), 'With the access saved on this device, 11 of 15 resources open.');
    assert.match(await text('#about-again'), /is lost\.$/u);
    assert.match(await text('#about-keep'), /stays as it is/u);
    assert.deepEqual([await isShown('#offline'), await isShown('#again'), await isShown('#keep')], [true, true, true]);
    assert.deepEqual(await main(), ['offline']);
  });

  test('no way that leads nowhere', async () => {
    const { isShown, main, show } = await prompt({ ...OUTAGE, saved: { known: 'yes', valid: 0, opens: 0 } });
    assert.deepEqual([await isShown('#offline'), await isShown('#again'), await isShown('#keep')], [false, true, false]);
    assert.deepEqual(await main(), ['again']);
    await show(OUTAGE);
    assert.deepEqual([await isShown('#offline'), await main()], [true, ['offline']]);
    await show({ ...OUTAGE, back: true });
    assert.deepEqual(await main(), ['again'], 'signing in is the better way now');
  });

  test('nothing before it knows what to say; then the heading has the keyboard, and no button', async () => {
    const page = await pages.open(held);
    assert.equal(await page.isShown('main'), false);
    await page.tell({ is: 'prompt', model: MODEL });
    assert.equal(await page.isShown('main'), true);
    assert.equal(await page.page.evaluate(() => document.activeElement?.id), 'title');
  });

  test('what stays the same untouched: it is not read out again, and the keyboard stays where it is', async () => {
    const { page, show } = await prompt();
    await page.focus('#keep');
    await page.evaluate(() => {
      const changes: unknown[] = [];
      new MutationObserver((seen) => changes.push(...seen)).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      Object.assign(window, { changes });
    });
    await show({ ...MODEL });
    assert.equal(await page.evaluate(() => Reflect.get(window, 'changes').length), 0);
    await show({ ...MODEL, workspaceName: 'Other' });
    assert.ok((await page.evaluate(() => Reflect.get(window, 'changes').length)) > 0);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'keep');
  });
});

test('B-E5a, B-E5b, B-E2f each button says what the person chose', async () => {
  const { page, said, ports } = await prompt();
  for (const choice of ['offline', 'again', 'keep']) {
    await page.click(`#${choice}`);
    assert.deepEqual(await said(), [{ do: 'choose', choice }]);
  }
  assert.deepEqual(await ports(), ['prompt:']);
});

test('in an outage the window has the Workspace looked at every 30 s, and only then', async () => {
  const { page, said, show } = await prompt();
  const ring = () =>
    page.evaluate(() => {
      for (const { ms, run } of Reflect.get(window, 'timers')) if (ms === 30_000) run();
    });
  await ring();
  assert.deepEqual(await said(), []);
  await show(OUTAGE);
  await ring();
  assert.deepEqual(await said(), [{ do: 'look' }]);
});

interface Place {
  readonly screenX: number;
  /** where its screen begins */
  readonly availLeft: number;
}
const placed = ({ screenX, availLeft }: Place): void => {
  const moved: number[][] = [];
  Object.assign(window, { moved, moveBy: (...by: number[]) => moved.push(by) });
  const screen = { value: { availLeft, availWidth: 1_920 } };
  Object.defineProperties(window, { screenX: { value: screenX }, outerWidth: { value: 420 }, screen });
};
const PLACES: Readonly<Record<string, readonly [place: Place, moved: readonly (readonly number[])[]]>> = {
  'past the right edge of its screen is moved back': [{ screenX: 1_800, availLeft: 0 }, [[-300, 0]]],
  'at the right edge of its screen stays': [{ screenX: 1_500, availLeft: 0 }, []],
  'past the edge of a second screen is moved back': [{ screenX: 3_500, availLeft: 1_920 }, [[-80, 0]]],
};
for (const [name, [place, moved]] of Object.entries(PLACES)) {
  test(`B-E2c a window ${name}`, async () => {
    const { page } = await pages.open(placed, place);
    assert.deepEqual(await page.evaluate(() => Reflect.get(window, 'moved')), moved);
  });
}
