/** A page that hardly gets to run, in the real browser: the Workspace is slow, and well. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openVisit, type Rig, startRig } from '../portal-in-browser.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

/** Longer than a page on a calm device waits for its first answer. Milliseconds. */
const ANSWER_MS = 1_900;

test('a page that is held up over and over does not call a healthy Workspace gone', async () => {
  await using visit = await openVisit(rig, 'mara-keller-1');
  const { page, peer } = visit;
  await page.goto(peer.origin);
  await visit.says('Online');
  await visit.kept();
  peer.delayMs = ANSWER_MS;
  await page.evaluateOnNewDocument(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(document.querySelector('.brand .state')?.textContent ?? '')).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    // Somebody else has the processor most of the time.
    setInterval(() => {
      for (const until = performance.now() + 250; performance.now() < until; );
    }, 350);
  });
  await page.goto(peer.origin, { waitUntil: 'domcontentloaded' });
  await visit.says('Online');
  const said: string[] = await page.evaluate(() => Reflect.get(window, 'said'));
  assert.deepEqual(
    said.filter((words) => words.startsWith('Offline')),
    [],
  );
});
