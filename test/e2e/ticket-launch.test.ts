/** The ordinary way: everything is up, a person signs in and opens a terminal by launch ticket. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.ts';
import { untilWindow } from './screen.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

test('B-W1a, B-W11a signs in, sees what is published, and opens a terminal that runs commands', async (t) => {
  await holdfast.inPortal(t, async (portal) => {
    await portal.signIn('alice');
    assert.equal(await portal.isDimmed('Terminal'), false);
    await portal.tile('Linux desktop');
    await portal.tile('Handbook');
    await portal.launch('Terminal');
    await untilWindow(holdfast.screen, /Terminal/u);
    const output = await holdfast.sessionOutput(/Terminal/u, 'echo $((6 * 7)) from $SSH_CONNECTION');
    assert.match(output, /^42 from UNKNOWN \d+ \S+-ssh /u);
    await portal.untilText(/Opened by the Workspace/u);
  });
});
