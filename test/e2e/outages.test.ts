/** Each part of the cloud, the PoPs and a site's connectors: stopped and hung. The person gets to a running session every time. */
import { after, before, test } from 'node:test';
import { type Harness, startHarness } from './harness.ts';
import { OUTAGES, prepare, reachesSession, VIEWED } from './outages.ts';

let holdfast: Harness;
before(async () => {
  holdfast = await startHarness();
});
after(() => holdfast.end());

test('B-N4 the person signs in once, and access is saved on the device', (t) => prepare(t, holdfast));

for (const outage of OUTAGES) {
  for (const kind of ['stop', 'hang'] as const) {
    const name = `${outage.behaviours} with ${outage.what} ${kind === 'stop' ? 'stopped' : 'hung'}, the person gets to a running session`;
    test(name, (t) => reachesSession(t, holdfast, outage, kind, VIEWED.ssh));
  }
}
