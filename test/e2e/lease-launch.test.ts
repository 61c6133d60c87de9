/** Leases are collected while the cloud is up; then the whole cloud goes down, and the terminal still opens. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../until.ts';
import { type Harness, startHarness } from './harness.ts';
import { untilWindow } from './screen.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

test('B-N5b with the whole cloud stopped, the portal opens from its cache and the terminal by lease', async (t) => {
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    await portal.untilText(/Ready for an outage/u, 60_000);
    await holdfast.system.outage('cloud', 'stop');
    await portal.page.reload({ waitUntil: 'domcontentloaded' });
    await portal.untilText(/Some of your resources can.t be reached/u);
    await until('the terminal is not dimmed', async () => !(await portal.isDimmed('Terminal')));
    assert.equal(await portal.isDimmed('Handbook'), true);
    assert.equal(await portal.isDimmed('Payroll'), true);
    await portal.launch('Terminal');
    await untilWindow(holdfast.screen, /Terminal/u);
    assert.match(await holdfast.sessionOutput(/Terminal/u, 'echo $((6 * 7))'), /^42\n/u);
    await portal.untilText(/Opened by saved access \(lease\)/u);
  });
});
