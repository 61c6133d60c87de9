/** The strip as it is seen, with everything that it says on the way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openVisit, type Rig, startRig } from '../portal-in-browser.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

/** Keeps every text that the strip ever has in `window.said`. */
function listen(): void {
  const said = new Set<string>();
  Object.assign(window, { said });
  new MutationObserver(() => said.add(document.querySelector('.access [role=status]')?.textContent ?? '')).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
  });
}

test('an outage counts nothing as closed while the host has not said what is saved', async () => {
  await using visit = await openVisit(rig, 'mara-keller-1', 'no-extension');
  const { page, peer } = visit;
  await page.goto(peer.origin);
  await visit.says('Online');
  await visit.shellReady();
  await visit.until(() => document.querySelector('.access .copy') !== null);
  await peer.stop();
  await page.evaluateOnNewDocument(listen);
  await page.reload();
  await visit.says('Offline since');
  await visit.extensionArrives();
  await visit.until(() => document.querySelector('.access')?.textContent?.includes('6 of 11 still open') === true);
  const said = await page.evaluate((): string[] => [...Reflect.get(window, 'said')]);
  assert.ok(
    said.some((text) => text.includes('Looking for what still opens')),
    said.join('\n'),
  );
  assert.deepEqual(
    said.filter((text) => /\b0 of \d/u.test(text)),
    [],
  );
});
