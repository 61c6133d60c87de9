/** Desktops through the whole path: their pixels in the person's own viewer, signed on by itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.ts';
import { until } from './until.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

/** Background of each desktop: `cli/desktops/`. */
const DESKTOPS = [
  { tile: 'Linux desktop', kind: 'VNC', colour: '#205c40' },
  { tile: 'Office desktop', kind: 'RDP', colour: '#20405c' },
] as const;

for (const { tile, kind, colour } of DESKTOPS) {
  test(`B-N8, B-N9 ${tile} opens by ${kind} and shows its desktop without asking for a password`, async (t) => {
    await holdfast.inPortal(t, async (portal) => {
      if (holdfast.system.report.missing.some(({ name }) => name.endsWith(kind.toLowerCase()))) {
        assert.notEqual(process.getuid?.(), 0, `as root there is no reason to leave out ${kind}`);
        return;
      }
      await portal.signIn('alice');
      await portal.launch(tile);
      await until(`${colour} on the screen; windows: ${holdfast.screen.windows().join(', ')}`, () => holdfast.screen.shareOf(colour) > 0.1);
    });
  });
}
