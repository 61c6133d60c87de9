/** What the portal promises when the browser keeps nothing: really full, in the real browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openVisit, type Rig, startRig } from '../portal-in-browser.ts';

let rig: Rig;
before(async () => {
  rig = await startRig();
});
after(() => rig.stop());

/** Room for the lists, not for the page. Bytes. */
const LITTLE = 60_000;

test('a browser without room for the page is not ready for an outage, and says why', async () => {
  await using visit = await openVisit(rig, 'mara-keller-1');
  const { page, peer } = visit;
  const cdp = await page.createCDPSession();
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: peer.origin, quotaSize: LITTLE });
  await page.evaluateOnNewDocument(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    setInterval(() => said.push(document.querySelector('#access-title')?.textContent ?? ''), 5);
  });
  await page.goto(peer.origin);
  await visit.says('Online');
  await visit.until(() => document.querySelector('.access .badge.wait') !== null);
  const told = await page.$eval('.access [role=status]', (one) => one.textContent ?? '');
  assert.match(told, /^(?:Not ready for an outage yet|Your list couldn’t be saved).*browser’s storage is full/u);
  assert.ok(!(await page.evaluate(() => Reflect.get(window, 'said').includes('Ready for an outage'))), 'it was never called ready');

  await cdp.send('Storage.overrideQuotaForOrigin', { origin: peer.origin });
  await page.reload();
  await visit.kept();
  await visit.until(() => document.querySelector('#access-title')?.textContent === 'Ready for an outage');
});
