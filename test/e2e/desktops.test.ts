/** Desktops through the whole path: their pixels in the person's own viewer, signed on by itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.ts';
import { VIEWED } from './outages.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

for (const kind of ['vnc', 'rdp'] as const) {
  const { resource, seen } = VIEWED[kind];
  test(`B-N8, B-N9 ${resource} opens by ${kind} and shows its desktop without asking for a password`, async (t) => {
    await holdfast.inPortal(t, async (portal) => {
      const missing = holdfast.system.report.missing.filter(({ name }) => name.endsWith(kind));
      if (missing.length > 0 && kind === 'rdp' && process.getuid?.() !== 0) {
        t.diagnostic('Left out: an RDP desktop needs an account made for it, which only root can do.');
        return;
      }
      assert.deepEqual(missing, []);
      await portal.signIn('alice');
      await portal.launch(resource);
      await seen(holdfast);
      await holdfast.endSessions();
    });
  });
}
